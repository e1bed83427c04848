"""The six regions a new installation starts with, and cities to choose from when people join.

Tiers follow the yearly ranking of the Rising Lab (新一线城市研究所) as it is commonly quoted. They
sort a funnel and decide nothing about a person.
"""

from loop28.back.people.models import Tier

REGIONS: dict[str, tuple[str, dict[Tier, str]]] = {
    "HD": (
        "华东",
        {
            Tier.FIRST: "上海",
            Tier.NEW_FIRST: "杭州 苏州 青岛 合肥",
            Tier.SECOND: "济南 厦门",
            Tier.THIRD: "扬州 芜湖",
            Tier.FOURTH: "安庆",
        },
    ),
    "HN": (
        "华南",
        {
            Tier.FIRST: "广州 深圳",
            Tier.NEW_FIRST: "东莞 佛山",
            Tier.SECOND: "珠海 南宁",
            Tier.THIRD: "海口 汕头 桂林",
            Tier.FOURTH: "梅州",
        },
    ),
    "HB": (
        "华北",
        {
            Tier.FIRST: "北京",
            Tier.NEW_FIRST: "天津",
            Tier.SECOND: "石家庄 太原 保定",
            Tier.THIRD: "唐山 呼和浩特",
            Tier.FOURTH: "大同 承德",
        },
    ),
    "XN": (
        "西南",
        {
            Tier.NEW_FIRST: "成都 重庆",
            Tier.SECOND: "昆明 贵阳",
            Tier.THIRD: "绵阳 遵义 南充",
            Tier.FOURTH: "曲靖 乐山",
        },
    ),
    "HZ": (
        "华中",
        {
            Tier.NEW_FIRST: "武汉 长沙 郑州",
            Tier.SECOND: "南昌 洛阳",
            Tier.THIRD: "宜昌 襄阳 赣州",
            Tier.FOURTH: "荆州 娄底",
        },
    ),
    "DB": (
        "东北",
        {
            Tier.SECOND: "沈阳 大连 哈尔滨 长春",
            Tier.FOURTH: "吉林 鞍山 大庆 锦州 牡丹江",
        },
    ),
}
