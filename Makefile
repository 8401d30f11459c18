# Each target is one line over `python3 -m kit …`, which does everything itself (Windows has no make).
# Values are data: make would execute a value like $(shell …) when it expands it, and so would the shell. So each is
# taken unexpanded and handed over in the environment as KIT_<NAME>, never written into a command.

VALUES := CLIENT CLIENTS REPORT PERIOD LOCALE FORCE EXPLAIN WORKERS SCHEDULER PYTHON BY

PYTHON ?= python3

define hand_over
ifneq ($(origin $(1)),undefined)
override $(1) := $$(value $(1))
export KIT_$(1) := $$($(1))
endif
endef
$(foreach name,$(VALUES),$(eval $(call hand_over,$(name))))

# CLINET=x must not quietly build the default client.
given := $(strip $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name))))
ifneq ($(given),)
$(error unknown variable / 没有这个变量: $(given). Known / 可用: $(VALUES))
endif

KIT := @"$$KIT_PYTHON" -m kit

.DEFAULT_GOAL := help
.PHONY: help report reports check diff status redline approve share mail new edit lab test lint clean lock

help: ## this list · 本说明
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

report: ## build what has changed of a client's reports (CLIENT=demo [REPORT=market] [PERIOD=2024-11] [LOCALE=en] [FORCE=1] [EXPLAIN=1]) · 生成报告
	$(KIT) report

reports: ## build what has changed of every client's reports ([CLIENTS=a,b] [WORKERS=2] [SCHEDULER=tcp://…]) · 生成全部客户的报告
	$(KIT) reports

check: ## read and check a client's data; what is still to be downloaded (CLIENT=demo [REPORT=review] [PERIOD=2024-11]) · 检查数据，列出要下载的文件
	$(KIT) check

diff: ## what a client's built reports say that those before did not (CLIENT=demo [PERIOD=2024-11]) · 与上期相比
	$(KIT) diff

status: ## where every client stands, and what comes next ([CLIENTS=a,b] [PERIOD=2024-11]) · 全部客户的进度
	$(KIT) status

redline: ## one page for the partner: what moved, was edited, is missing or new (CLIENT=demo [PERIOD=2024-11]) · 复核页
	$(KIT) redline

approve: ## approve what is built of a period (CLIENT=demo BY=name [PERIOD=2024-11]) · 审批
	$(KIT) approve

share: ## approved reports for a chat: PDFs, a long picture, a short text (CLIENT=demo [PERIOD=2024-11] [LOCALE=en]) · 微信群转发文件
	$(KIT) share

mail: ## approved reports as an unsent mail (CLIENT=demo [REPORT=pack] [PERIOD=2024-11] [LOCALE=en]) · 邮件草稿
	$(KIT) mail

new: ## make the folder of a new client (CLIENT=name) · 新建客户
	$(KIT) new

edit: ## give a client a notebook of its own and open it (CLIENT=demo REPORT=swot) · 修改某客户的报告底稿
	$(KIT) edit

lab: ## open the notebooks in JupyterLab, set to a client (CLIENT=demo) · 打开 JupyterLab
	$(KIT) lab

test: ## run the whole test suite · 运行全部测试
	$(KIT) test

lint: ## check style, types and notebooks · 检查代码
	$(KIT) lint

clean: ## remove built reports, everyone's or one client's ([CLIENT=x]); data stay · 清除生成的报告
	$(KIT) clean

lock: ## write the lock files anew from pyproject.toml · 更新锁定文件
	$(KIT) lock
