"""Which column of a table of deeds holds what: proposed from the header's words, Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..headers import plain_name, propose
from ..rows import split_row

DeedColumns = Mapping[str, str]

FIELDS: Mapping[str, str] = {
    "order": "orderid orderno ordernumber ordersn tradeno tradeid transactionid invoiceno 订单号 订单编号 订单id 交易号 交易单号 流水号"
    " 訂單號 訂單編號 refundid refundno 退款单号 eventid",
    "time": "time datetime timestamp ts paidat paytime paymenttime orderdate ordertime createdat createtime eventtime date day when"
    " invoicedate purchasedate 时间 日期 下单时间 付款时间 支付时间 订单付款时间 订单创建时间 成交时间 创建时间 退款时间 发生时间"
    " 付款日期 下单日期 時間 下單時間 付款時間",
    "person": "customerid customer memberid member userid user uid buyerid buyer buyernick clientid client visitorid accountid account"
    " personid person openid unionid 客户编号 客户id 客户 会员号 会员id 会员编号 会员 买家id 买家 买家昵称 买家会员名 用户id 用户编号 用户"
    " 顾客 手机号 手机 微信号 會員 會員編號 買家 用戶 用戶id phone mobile email",
    "name": "name nickname customername membername username buyername 姓名 昵称 客户名称 客户姓名 会员名 会员昵称 用户名 收货人 收货人姓名"
    " 收件人 暱稱 群昵称 群名片",
    "amount": "amount total totalprice price value dollarvalue revenue paid payment paidamount orderamount totalamount money sales"
    " 金额 实付 实付金额 实付款 订单金额 支付金额 付款金额 成交金额 总金额 总价 买家实际支付金额 买家实付金额 退款金额 實付金額 訂單金額 金額",
    "currency": "currency currencycode 币种 货币 幣別",
    "quantity": "quantity qty count numberofcds items units 数量 件数 宝贝总数量 商品数量 數量",
    "kind": "event eventname eventtype kind type action activity behavior behaviour activitytype 事件 事件名 事件类型 类型 行为 动作 活动 类别 交易类型"
    " 行為 類型",
    "score": "score rating stars 分数 评分 打分 得分 星级 分數 評分",
    "status": "status state orderstatus paymentstatus 状态 订单状态 交易状态 支付状态 狀態 訂單狀態",
}
TEXT_WORDS = frozenset(
    ["text", "content", "message", "msg", "body", "strcontent", "内容", "消息", "消息内容", "聊天内容", "內容", "訊息"]
)
SPACES = " "  # the delimiter of tables whose columns stand apart by runs of spaces

_DELIMITERS = (",", "\t", ";", "|", SPACES)


def propose_columns(header: Sequence[str]) -> dict[str, str]:
    """Our field → the header's column, for every field whose words are found. Each column serves one field."""
    found = propose(FIELDS, header)
    if "person" not in found and "name" in found:
        found["person"] = found.pop("name")
    return found


def has_words_of_talk(header: Sequence[str]) -> bool:
    """Whether a column holds what somebody said: then it is a chat export."""
    return any(plain_name(name) in TEXT_WORDS for name in header)


def find_delimiter(line: str) -> str:
    """What cuts the header into the most columns we know; a comma where nothing does."""
    return max(_DELIMITERS, key=lambda mark: _worth(line, mark))


def _worth(line: str, delimiter: str) -> tuple[int, int]:
    cells = cells_of(line, delimiter)
    return len(propose_columns(cells)), 0 if delimiter == SPACES else len(cells)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one row, without the spaces around them. Raises ``csv.Error`` for a cell beyond all measure."""
    cells = line.split() if delimiter == SPACES else split_row(line, delimiter)
    return [cell.strip() for cell in cells]
