"""First-level divisions by the names people write, and seats of prefectures named otherwise.

The gazetteer numbers a country's divisions without naming them; a division's number is that of its
capital. So each is written here with its names and its capital.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Division:
    """A province or state: its names, the first one short, and its capital.

    `country` is where the gazetteer keeps its places, if that is another than the address says.
    """

    names: tuple[str, ...]
    capital: str
    country: str = ""
    is_city: bool = False


_CHINA: Final = (
    Division(("北京", "Beijing"), "北京", is_city=True),
    Division(("天津", "Tianjin"), "天津", is_city=True),
    Division(("河北", "Hebei"), "石家庄"),
    Division(("山西", "Shanxi"), "太原"),
    Division(("内蒙古", "Inner Mongolia", "Nei Mongol", "Neimenggu"), "呼和浩特"),
    Division(("辽宁", "Liaoning"), "沈阳"),
    Division(("吉林", "Jilin"), "长春"),
    Division(("黑龙江", "Heilongjiang"), "哈尔滨"),
    Division(("上海", "Shanghai"), "上海", is_city=True),
    Division(("江苏", "Jiangsu"), "南京"),
    Division(("浙江", "Zhejiang"), "杭州"),
    Division(("安徽", "Anhui"), "合肥"),
    Division(("福建", "Fujian"), "福州"),
    Division(("江西", "Jiangxi"), "南昌"),
    Division(("山东", "Shandong"), "济南"),
    Division(("河南", "Henan"), "郑州"),
    Division(("湖北", "Hubei"), "武汉"),
    Division(("湖南", "Hunan"), "长沙"),
    Division(("广东", "Guangdong"), "广州"),
    Division(("广西", "Guangxi"), "南宁"),
    Division(("海南", "Hainan"), "海口"),
    Division(("重庆", "Chongqing"), "重庆", is_city=True),
    Division(("四川", "Sichuan"), "成都"),
    Division(("贵州", "Guizhou"), "贵阳"),
    Division(("云南", "Yunnan"), "昆明"),
    Division(("西藏", "Tibet", "Xizang"), "拉萨"),
    Division(("陕西", "Shaanxi"), "西安"),
    Division(("甘肃", "Gansu"), "兰州"),
    Division(("青海", "Qinghai"), "西宁"),
    Division(("宁夏", "Ningxia"), "银川"),
    Division(("新疆", "Xinjiang"), "乌鲁木齐"),
    Division(("香港", "Hong Kong"), "香港", country="HK", is_city=True),
    Division(("澳门", "澳門", "Macau", "Macao"), "澳門", country="MO", is_city=True),
    Division(("台湾", "台灣", "臺灣", "Taiwan"), "台北市", country="TW"),
)

_BRAZIL: Final = (
    Division(("AC", "Acre"), "Rio Branco"),
    Division(("AL", "Alagoas"), "Maceió"),
    Division(("AP", "Amapá"), "Macapá"),
    Division(("AM", "Amazonas"), "Manaus"),
    Division(("BA", "Bahia"), "Salvador"),
    Division(("CE", "Ceará"), "Fortaleza"),
    Division(("DF", "Distrito Federal"), "Brasília"),
    Division(("ES", "Espírito Santo"), "Vitória"),
    Division(("GO", "Goiás"), "Goiânia"),
    Division(("MA", "Maranhão"), "São Luís"),
    Division(("MT", "Mato Grosso"), "Cuiabá"),
    Division(("MS", "Mato Grosso do Sul"), "Campo Grande"),
    Division(("MG", "Minas Gerais"), "Belo Horizonte"),
    Division(("PA", "Pará"), "Belém"),
    Division(("PB", "Paraíba"), "João Pessoa"),
    Division(("PR", "Paraná"), "Curitiba"),
    Division(("PE", "Pernambuco"), "Recife"),
    Division(("PI", "Piauí"), "Teresina"),
    Division(("RJ", "Rio de Janeiro"), "Rio de Janeiro"),
    Division(("RN", "Rio Grande do Norte"), "Natal"),
    Division(("RS", "Rio Grande do Sul"), "Porto Alegre"),
    Division(("RO", "Rondônia"), "Porto Velho"),
    Division(("RR", "Roraima"), "Boa Vista"),
    Division(("SC", "Santa Catarina"), "Florianópolis"),
    Division(("SP", "São Paulo"), "São Paulo"),
    Division(("SE", "Sergipe"), "Aracaju"),
    Division(("TO", "Tocantins"), "Palmas"),
)

DIVISIONS_BY_COUNTRY: Final[Mapping[str, tuple[Division, ...]]] = {"CN": _CHINA, "BR": _BRAZIL}

# Where the gazetteer has another name: a prefecture's seat, or a city in Latin script only. By
# province and short name.
SEATS: Final[Mapping[tuple[str, str], str]] = {
    ("内蒙古", "兴安"): "乌兰浩特",
    ("内蒙古", "锡林郭勒"): "锡林浩特",
    ("内蒙古", "阿拉善"): "巴彦浩特",
    ("吉林", "延边"): "延吉",
    ("湖北", "仙桃"): "Xiantao",
    ("湖南", "湘西"): "吉首",
    ("四川", "阿坝"): "马尔康",
    ("四川", "甘孜"): "康定",
    ("四川", "凉山"): "西昌",
    ("贵州", "黔西南"): "兴义",
    ("贵州", "黔东南"): "凯里",
    ("贵州", "黔南"): "都匀",
    ("云南", "红河"): "蒙自",
    ("云南", "西双版纳"): "景洪",
    ("云南", "德宏"): "芒市",
    ("云南", "怒江"): "泸水",
    ("云南", "迪庆"): "香格里拉",
    ("甘肃", "甘南"): "合作",
    ("青海", "海北"): "西海",
    ("青海", "黄南"): "隆务",
    ("青海", "海南"): "恰卜恰",
    ("青海", "果洛"): "大武",
    ("青海", "海西"): "德令哈",
    ("新疆", "博尔塔拉"): "博乐",
    ("新疆", "巴音郭楞"): "库尔勒",
    ("新疆", "克孜勒苏"): "阿图什",
    ("新疆", "伊犁"): "伊宁",
}
