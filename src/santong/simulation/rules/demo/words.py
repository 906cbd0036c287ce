"""The words that the demo merchant's people, streets, shops and goods are composed of.

None of them is meant to name a real person, company or street. The family names are words that
are nobody's family name.
"""

from __future__ import annotations

from typing import NamedTuple

FAMILY_NAMES = "晴岚澜霁棠荻漪榆枫汀砚笙筝翎舫茉萤霏黛蔻"
GIVEN_FIRST = "知予一小语星禾书若可木初念以清未半言南闻"
GIVEN_SECOND = "白川树夏舟眠野溪晚也柠朵寻月夕行安竹鸣雨"

STREETS = (
    "织云路", "拾光路", "缝月街", "纱影路", "染秋路", "剪春街", "绒雪路", "棉语街",
    "经纬二路", "锁边街", "绣影巷", "针脚路", "素锦路", "飞梭街", "暗扣巷", "回针路",
)  # fmt: skip
ESTATES = (
    "云裳里", "素锦苑", "拾光花园", "绒雪家园", "剪春居", "纱影湾", "棉语公馆", "织云府",
    "缝月新村", "染秋名邸",
)  # fmt: skip
MALLS = (
    "织云里", "拾光汇", "纱影天地", "绒雪广场", "剪春坊", "染秋中心", "棉语街区", "素锦城",
    "缝月百货", "飞梭奥莱", "经纬荟", "绣影大厦", "回针生活馆", "暗扣公园", "锁边大道",
    "针脚集市",
)  # fmt: skip
DISTRICTS = ("高新区", "经济技术开发区", "滨江新区", "老城区")
DEALER_WORDS = ("合缝", "飞梭", "织元", "领口", "袖里", "衣襟", "盘扣", "青布", "锁边", "针脚")
NOTES = ("尽快发货，谢谢", "工作日送货", "放门口即可", "请不要折叠", "送人的，请附贺卡", "放快递柜")


class ColourWord(NamedTuple):
    code: str
    name: str


COLOURS = (
    ColourWord("BK", "炭黑"),
    ColourWord("WT", "米白"),
    ColourWord("BL", "雾蓝"),
    ColourWord("OT", "燕麦"),
    ColourWord("RD", "酒红"),
    ColourWord("GN", "墨绿"),
    ColourWord("CM", "驼色"),
    ColourWord("NV", "藏青"),
    ColourWord("GY", "浅灰"),
    ColourWord("PK", "豆沙"),
    ColourWord("CR", "焦糖"),
    ColourWord("PL", "雪青"),
)


class SizeCurve(NamedTuple):
    """The sizes of a style, and how many of a hundred pieces fall to each."""

    sizes: tuple[str, ...]
    shares: tuple[int, ...]


WOMEN = SizeCurve(("XS", "S", "M", "L", "XL"), (10, 26, 32, 22, 10))
MEN = SizeCurve(("S", "M", "L", "XL", "XXL"), (9, 24, 33, 23, 11))
WOMEN_WAIST = SizeCurve(("25", "26", "27", "28", "29"), (12, 25, 29, 22, 12))
MEN_WAIST = SizeCurve(("29", "30", "31", "32", "34"), (12, 22, 28, 24, 14))


class Kind(NamedTuple):
    """A kind of garment: what it may be made of, what it weighs folded, and what it costs."""

    category: str
    noun: str
    materials: tuple[str, ...]
    features: tuple[str, ...]
    curve: SizeCurve
    weight_grams: int
    folded_mm: tuple[int, int, int]
    price_yuan: tuple[int, int]


WOMEN_KINDS = (
    Kind("女装/连衣裙", "连衣裙", ("天丝", "亚麻", "真丝", "雪纺"), ("收腰", "垂感", "方领"),
         WOMEN, 420, (320, 240, 40), (299, 899)),
    Kind("女装/衬衫", "衬衫", ("纯棉", "真丝", "天丝", "亚麻"), ("免烫", "飘带", "廓形", "立领"),
         WOMEN, 260, (300, 230, 25), (199, 599)),
    Kind("女装/针织衫", "针织衫", ("羊毛", "羊绒", "纯棉"), ("圆领", "V领", "短款", "绞花"),
         WOMEN, 380, (320, 260, 50), (259, 799)),
    Kind("女装/半身裙", "半身裙", ("羊毛", "缎面", "牛仔", "天丝"), ("高腰", "百褶", "A字", "鱼尾"),
         WOMEN_WAIST, 350, (320, 240, 35), (229, 599)),
    Kind("女装/裤装", "阔腿裤", ("亚麻", "羊毛", "天丝", "牛仔"), ("高腰", "垂感", "九分", "直筒"),
         WOMEN_WAIST, 520, (340, 260, 45), (259, 699)),
    Kind("女装/风衣", "风衣", ("棉混纺", "斜纹棉", "防泼水"), ("双排扣", "短款", "系带", "落肩"),
         WOMEN, 950, (400, 300, 80), (599, 1599)),
    Kind("女装/大衣", "大衣", ("羊毛", "羊绒", "驼绒"), ("双面", "茧型", "翻领", "长款"),
         WOMEN, 1500, (450, 350, 120), (999, 2999)),
    Kind("女装/羽绒服", "羽绒服", ("白鸭绒", "白鹅绒"), ("轻暖", "短款", "立领", "长款"),
         WOMEN, 900, (450, 350, 150), (699, 1999)),
    Kind("女装/T恤", "T恤", ("精梳棉", "天丝棉", "竹节棉"), ("圆领", "正肩", "短款", "印花"),
         WOMEN, 190, (280, 220, 20), (99, 259)),
)  # fmt: skip
MEN_KINDS = (
    Kind("男装/夹克", "夹克", ("斜纹棉", "防泼水", "灯芯绒"), ("立领", "短款", "工装"),
         MEN, 820, (400, 300, 70), (399, 1199)),
    Kind("男装/衬衫", "衬衫", ("纯棉", "天丝", "亚麻", "法兰绒"), ("免烫", "立领", "格纹"),
         MEN, 300, (320, 240, 30), (199, 599)),
    Kind("男装/POLO衫", "POLO衫", ("丝光棉", "精梳棉", "凉感"), ("撞色", "翻领", "拉链", "提花"),
         MEN, 280, (300, 240, 25), (159, 459)),
    Kind("男装/卫衣", "卫衣", ("纯棉", "摇粒绒", "空气层"), ("连帽", "圆领", "落肩", "半拉链"),
         MEN, 620, (360, 300, 70), (229, 599)),
    Kind("男装/休闲裤", "休闲裤", ("斜纹棉", "天丝棉", "弹力"), ("直筒", "锥形", "免烫", "抽绳"),
         MEN_WAIST, 560, (350, 270, 45), (229, 599)),
    Kind("男装/牛仔裤", "牛仔裤", ("赤耳丹宁", "弹力丹宁", "原色丹宁"), ("直筒", "修身", "水洗"),
         MEN_WAIST, 720, (350, 270, 50), (299, 799)),
    Kind("男装/毛衣", "毛衣", ("羊毛", "羊绒", "美丽诺"), ("圆领", "半高领", "绞花", "开衫"),
         MEN, 480, (340, 280, 60), (299, 999)),
    Kind("男装/西装", "西装", ("羊毛", "亚麻", "免烫羊毛"), ("单排扣", "休闲", "无衬里", "修身"),
         MEN, 1050, (450, 350, 90), (899, 2599)),
    Kind("男装/羽绒服", "羽绒服", ("白鸭绒", "白鹅绒"), ("轻暖", "连帽", "立领", "工装"),
         MEN, 1050, (450, 350, 150), (699, 1999)),
)  # fmt: skip
# What price tags end in; a price is the one nearest below.
PRICE_STEPS_YUAN = (
    99, 129, 159, 199, 229, 259, 299, 359, 399, 459, 499, 599, 699, 799, 899, 999, 1199, 1399,
    1599, 1799, 1999, 2299, 2599, 2999,
)  # fmt: skip
