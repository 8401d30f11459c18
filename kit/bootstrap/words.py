"""What set-up says, in Chinese and English.

The one exception to the catalogue: nothing that could read it is installed yet.
"""

from __future__ import annotations

import os
import sys

TEXT = {
    "en": {
        "first": "kit: first run, installing {count} packages into {folder}. "
        "This needs the network once and takes one to five minutes.",
        "changed": "kit: the locked packages, the Python or the project's place changed; "
        "installing {count} packages anew into {folder}. This takes one to five minutes.",
        "dev": "kit: adding the packages for tests and checks to {folder} ({count} in all). This takes about a minute.",
        "ready": "kit: ready after {seconds} s. From now on no network is needed.",
        "waiting": "kit: another set-up is running here; waiting for it to end.",
        "no_venv": "kit: this Python cannot make environments. Install the package {package} "
        "(Debian, Ubuntu: apt install {package}), then run the same command again.",
        "offline": "kit: the network, or the package index that pip is set to, cannot be reached. "
        "Nothing was changed; run the same command again when it can.",
        "failed": "kit: the packages could not be installed; nothing was changed. pip says: {reason}",
        "unwritable": "kit: {folder} cannot be written: {reason}. "
        "Close what uses it, or check the rights and the disk.",
    },
    "zh": {
        "first": "kit：首次运行，正在将 {count} 个软件包安装到 {folder}。仅此一次需要联网，约需一至五分钟。",
        "changed": "kit：锁定的软件包、Python 版本或项目位置有变化，"
        "正在将 {count} 个软件包重新安装到 {folder}，约需一至五分钟。",
        "dev": "kit：正在向 {folder} 补装测试与检查所需的软件包（共 {count} 个），约需一分钟。",
        "ready": "kit：准备就绪，用时 {seconds} 秒。以后运行无需联网。",
        "waiting": "kit：此处另有一个安装正在进行，等待其结束。",
        "no_venv": "kit：当前 Python 无法创建环境。请先安装软件包 {package}"
        "（Debian、Ubuntu：apt install {package}），再重新运行同一命令。",
        "offline": "kit：无法连接网络或 pip 所设的软件包源，环境未改动。网络恢复后请重新运行同一命令。",
        "failed": "kit：软件包安装失败，环境未改动。pip 提示：{reason}",
        "unwritable": "kit：无法写入 {folder}：{reason}。请关闭占用它的程序，或检查权限与磁盘空间。",
    },
}


class SetupError(Exception):
    """The environment cannot be made; ``key`` and ``values`` name the sentence that says why."""

    def __init__(self, key: str, **values: str) -> None:
        self.key, self.values = key, values
        super().__init__(key, values)


def language() -> str:
    """``zh`` or ``en``: KIT_LOCALE, else the system's language, else English."""
    names = ("KIT_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((os.environ[name] for name in names if os.environ.get(name)), "")
    if sys.platform == "win32" and not chosen:
        import ctypes

        chinese = 0x04
        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == chinese else "en"
    return "zh" if chosen.lower().startswith("zh") else "en"


def say(key: str, **values: str) -> None:
    """One line for the person at the console, on stderr: stdout belongs to the command's results."""
    print(TEXT[language()][key].format(**values), file=sys.stderr, flush=True)


def speak_utf8() -> None:
    """UTF-8 on the console whatever its code page, here and in every child."""
    os.environ["PYTHONUTF8"] = "1"
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
