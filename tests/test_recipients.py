"""``[delivery]``: who gets the reports by mail."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kit.recipients import Delivery, mailbox

ALLOWED = "name@company.com, 张经理 <name@company.com>"


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("a@b.com", "", "a@b.com"),
        (" a.b+c@mail.b-c.com.cn ", "", "a.b+c@mail.b-c.com.cn"),
        ("张经理 <zhang@brand.com>", "张经理", "zhang@brand.com"),
        ("Zhang, Wei (Brand)<z@brand.com>", "Zhang, Wei (Brand)", "z@brand.com"),
        ("<a@b.com>", "", "a@b.com"),
    ],
)
def test_an_address_may_have_a_name(text, name, address):
    assert mailbox(text) == (name, address)
    assert Delivery(to=[text]).to == (text.strip(),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "张经理",
        "a@b",
        "a@b.com, c@d.com",
        "A <a@b.com>, B <c@d.com>",
        "a@b.com\nBcc: x@y.com",
        "A\r\nBcc: x <a@b.com>",
        "A\u2028B <a@b.com>",
        "a..b@c.com",
        ".a@c.com",
        "a@-c.com",
        "a@c..com",
        "a@c.123",
        "张@品牌.com",
        'A "B" <a@b.com>',
        "A <a@b.com",
        "a@b.com>",
        "a" * 250 + "@b.com",
    ],
)
def test_what_no_server_takes_is_refused(text):
    with pytest.raises(ValidationError, match=ALLOWED):
        Delivery(cc=[text])


@given(st.text(max_size=40) | st.from_regex(r".{0,9}<a@b\.com>.{0,3}"))
def test_no_text_that_passes_can_begin_another_field(text):
    try:
        name, address = mailbox(text)
    except ValueError:
        return
    assert not set('\r\n\0<>"\\\\') & {*name, *address} and name.isprintable() and address.isascii()


def test_a_setting_of_no_such_name_or_size_is_refused():
    with pytest.raises(ValidationError, match="limit_mb"):
        Delivery(limit_mb=0)
    with pytest.raises(ValidationError, match="bcc"):
        Delivery(bcc=["a@b.com"])
