"""Fields of a message: amounts, days, links, telephone numbers, deadline, lender."""

from __future__ import annotations

import pytest

from wenzhu.message import analyse

HOME_CREDIT = "天津京东消费金融有限公司"


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("欠款总额3,500.00元", [3500]),
        ("借款壹仟元整", [1000]),
        ("欠款３，５００元", [3500]),
        ("欠 3 5 0 0 元", [3500]),
        ("额度5-20万", [50000, 200000]),
        ("最高可借3万5千元", [35000]),
        ("应还1200余元,罚息30.5元", [1200, 30.5]),
        ("最低还款RMB622.35元", [622.35]),
        ("分12期,每期应还¥326.40", [326.4]),
        ("两万五千块", [25000]),
        ("百万保障服务", []),
        ("利率低至3.6%,分24期", []),
        ("尾号1234,合同号20250718001", []),
        ("几百块钱的事", []),
    ],
)
def test_amounts(text: str, amounts: list[float]) -> None:
    assert list(analyse(text).fields.amount_yuan) == amounts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("已逾期45天", 45),
        ("逾期四十五日", 45),
        ("已超期三天", 3),
        ("逾 期 1 2 天", 12),
        ("已逾期1个月", None),
        ("如逾期3天将上报", None),
        ("请3天内还款", None),
        ("已超过还款日5天", 5),
    ],
)
def test_overdue_days(text: str, days: int | None) -> None:
    assert analyse(text).fields.overdue_days == days


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("请点击 http://jd-xj.top/a 处理", ["http://jd-xj.top/a"]),
        ("登录jiexin点com查询", ["jiexin点com"]),
        ("登录 jd - pay . com 查询", ["pay . com"]),
        ("访问ｊｄ－ｐａｙ．ｃｏｍ", ["ｊｄ－ｐａｙ．ｃｏｍ"]),
        ("打开 http://47.98.11.22:8080/a.apk", ["http://47.98.11.22:8080/a.apk"]),
        ("利率3.5,版本1.2.3", []),
        ("发邮件到a@b.com", []),
    ],
)
def test_links(text: str, links: list[str]) -> None:
    assert list(analyse(text).fields.links) == links


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("请致电13800138000", ["13800138000"]),
        ("电话1 3 8 0 0 1 3 8 0 0 0", ["13800138000"]),
        ("客服400-611-6222", ["4006116222"]),
        ("详询0571-12345678", ["057112345678"]),
        ("加微信13800138000", []),
        ("QQ:1234567890", []),
        ("卡号6222021234567890123", []),
        ("电话/微信:13800138000", ["13800138000"]),
        ("客服热线95588", ["95588"]),
        ("欠款95588元", []),
    ],
)
def test_phones(text: str, phones: list[str]) -> None:
    assert list(analyse(text).fields.phones) == phones


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("请于今日18:00前还款", "今日18:00前"),
        ("限24小时内处理", "24小时内"),
        ("到期还款日07月25日", "07月25日"),
        ("今日不处理将上门", "今日"),
        ("感谢您的还款", None),
    ],
)
def test_deadline(text: str, deadline: str | None) -> None:
    assert analyse(text).fields.deadline == deadline


@pytest.mark.parametrize(
    ("text", "lender"),
    [
        ("【捷信】您已逾期", HOME_CREDIT),
        ("【京東消金】您已逾期", HOME_CREDIT),
        ("【捷亻言金融】您已逾期", HOME_CREDIT),
        ("您的微粒贷已逾期", "深圳前海微众银行股份有限公司"),
        ("【分期乐】您的账单已出", None),
        ("【分期乐】您在招联消费金融的借款已逾期", "招联消费金融股份有限公司"),
        ("请转到张三 工商银行 6222021234567890123", None),
        ("【马上消费】将从您尾号1234的建设银行卡扣款", "马上消费金融股份有限公司"),
        ("我行将集中行动", None),
        ("请尽快还钱", None),
        ("重庆隆某小额贷款有限公司通知您还款", "重庆隆某小额贷款有限公司"),
    ],
)
def test_lender(text: str, lender: str | None) -> None:
    assert analyse(text).fields.lender == lender


def test_a_link_is_shown_defanged_and_never_called_official() -> None:
    link = analyse("请登录 http://duxiaornan.com/x").links[0]
    assert link.defanged == "duxiaornan[.]com"
    assert not link.known
    assert link.resembles == "duxiaoman"
