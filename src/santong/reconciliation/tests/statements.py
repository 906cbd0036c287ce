"""Small statement files of every format, invented; and a writer of the simulated one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from santong.reconciliation.contracts import Row

SIMULATED = b"""\
#simulated,till,2026-11-10,CNY,3,1000,8454\r
type,our_reference,their_reference,time,amount_minor,fee_minor,status\r
payment,T1,S1,2026-11-10T09:00:00+08:00,10000,60,done\r
refund,R1,S2,2026-11-10T12:00:00+08:00,-2500,-15,done\r
bonus,,S3,2026-11-10T23:59:59+08:00,-1,0,done\r
#total,3,,,7499,45,\r
"""

_ALIPAY_COLUMNS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)


def _alipay(*fields: str) -> str:
    """A line with tabs behind the long numbers, as the bill has them."""
    theirs, ours, kind, at, amount, request, fee = fields
    return (
        f"{theirs}\t,{ours}\t,{kind},羊绒大衣      ,{at},{at},,,,,*明(gu***@example.com),{amount},"
        f"{amount},0.00,0.00,0.00,0.00,0.00,,0.00,0.00,{request}\t,{fee},0.00,"
    )


ALIPAY = "\n".join(
    [
        "#支付宝业务明细查询",
        "#账号:[20887000000000000156]",
        "#起始日期:[2026年11月10日 00:00:00]   终止日期:[2026年11月11日 00:00:00]",
        "#-----------------------------------------业务明细列表-------------------------------",
        _ALIPAY_COLUMNS,
        _alipay("2026111022001", "T1", "交易", "2026-11-10 09:00:01", "100.00", "", "-0.60"),
        _alipay("2026111022002", "T2", "交易", "2026-11-10 10:30:00", "0.01", "", "0.00"),
        _alipay("2026111022001", "T1", "退款", "2026-11-10 18:00:00", "-25.00", "R1", "0.00"),
        _alipay("2026111022009", "", "交易分账", "2026-11-10 19:00:00", "-3.00", "", "0.00"),
        "#-----------------------------------------业务明细列表结束---------------------------",
        "#交易合计：2笔，商家实收共100.01元，商家优惠共0.00元",
        "#退款合计：1笔，商家实收退款共-25.00元，商家优惠退款共0.00元",
        "#导出时间:[2026年11月11日 08:00:00]",
        "",
    ]
).encode("gb18030")

WECHAT_TRADE = (
    "\ufeff交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,"
    "交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,"
    "充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n"
    "`2026-11-10 09:00:00,`wx0,`1900000000,`0,`,`4200000001,`T1,`o-1,`JSAPI,`SUCCESS,`OTHERS,"
    "`CNY,`100.00,`0.00,`0,`0,`0.00,`0.00,`,`,`羊绒大衣,`,`0.60000,`0.60%,`100.00,`0.00,`\r\n"
    "`2026-11-10 12:00:00,`wx0,`1900000000,`0,`,`4200000001,`T1,`o-1,`JSAPI,`REFUND,`OTHERS,"
    "`CNY,`0.00,`0.00,`5030000001,`R1,`25.00,`0.00,`ORIGINAL,`SUCCESS,`羊毛围巾,`,`-0.15000,"
    "`0.60%,`0.00,`25.00,`\r\n"
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n"
    "`2,`100.00,`25.00,`0.00,`0.45000,`100.00,`25.00\r\n"
).encode()

WECHAT_FUNDS = (
    "\ufeff记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
    "账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n"
    "`2026-11-10 09:00:00,`4200000001,`F1,`交易,`交易,`收入,`100.00,`101.00,`system,`,`T1\r\n"
    "`2026-11-10 09:00:01,`4200000001,`F2,`手续费,`扣除交易手续费,`支出,`0.60,`100.40,`,`,`T1\r\n"
    "`2026-11-10 12:00:00,`5030000001,`F3,`退款,`退款,`支出,`25.00,`75.40,`system,`,`R1\r\n"
    "`2026-11-10 13:00:00,`W-1,`F4,`提现,`提现,`支出,`70.00,`5.40,`system,`,`W1\r\n"
    "`2026-11-10 14:00:00,`X-1,`F5,`活动,`平台补贴,`收入,`1.00,`6.40,`system,`,`X1\r\n"
    "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n"
    "`5,`2,`101.00,`3,`95.60\r\n"
).encode()

BANK = """\
date,time,serial,debit,credit,balance,currency,counterparty,purpose
20261110,081500,B1,,"9,940.00",9400.00,CNY,财付通,商户结算款
20261110,090000,B2,500.00,,8900.00,CNY,张记服饰,货款 TR-20261110-7
20261110,090001,B3,0.50,,8899.50,CNY,,网银手续费
20261110,160000,B4,,500.00,9399.50,CNY,张记服饰,退汇 TR-20261110-7 户名不符
""".encode()


def simulated_file(rows: Iterable[Row]) -> bytes:
    """A file of the simulated provider with these lines."""
    lines = []
    amount = fee = 0
    for row in rows:
        lines.append(
            f"{row.kind},{row.our_reference},{row.their_reference},{row.moved_at},"
            f"{row.amount_minor},{row.fee_minor},done"
        )
        amount += row.amount_minor
        fee += row.fee_minor
    head = [
        f"#simulated,till,2026-11-10,CNY,{len(lines)},0,{amount - fee}",
        "type,our_reference,their_reference,time,amount_minor,fee_minor,status",
    ]
    return "\n".join([*head, *lines, f"#total,{len(lines)},,,{amount},{fee},", ""]).encode()


def wechat_file(rows: Sequence[Row]) -> bytes:
    """A trade bill with these payments, each in its own currency."""
    head, *_, names, _ = WECHAT_TRADE.decode().splitlines()
    lines = [
        f"`{row.moved_at[:19]},`wx0,`1,`0,`,`{row.their_reference},`{row.our_reference},`o,`JSAPI,"
        f"`SUCCESS,`OTHERS,`{row.currency},`{yuan(row.amount_minor)},`0,`0,`0,`0,`0,`,`,`,`,"
        f"`{yuan(row.fee_minor)},`0,`0,`0,`"
        for row in rows
    ]
    paid = sum(row.amount_minor for row in rows)
    sums = f"`{len(lines)},`{yuan(paid)},`0,`0,`0,`0,`0"
    return "\r\n".join([head, *lines, names, sums, ""]).encode()


def yuan(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
