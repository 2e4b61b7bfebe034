"""WeChat's own examples of signed and encrypted callbacks, and one of ours in XML."""

from dataclasses import dataclass
from typing import Final

from wxapp_backend.infra.wechat.inbox import CallbackKeys


@dataclass(frozen=True)
class Vector:
    """One message with everything that sealing and opening it involves."""

    keys: CallbackKeys
    timestamp: str
    nonce: str
    salt: str
    message: str
    sealed: str
    signature: str


OFFICIAL_KEYS: Final = CallbackKeys(appid="wxba5fad812f8e6fb9", token="AAAAA", aes_key="A" * 43)
OUR_KEYS: Final = CallbackKeys(
    appid="wxe1f2a3b4c5d6e7f8",
    token="laodaixinTestToken2026",
    aes_key="kT7mQ2vX9pL4wR8sN1bY6cZ3dF5gH0jA2eU7iO4xMnE",
)

# WeChat: 消息推送, the example of the safe mode.
OFFICIAL_POST: Final = Vector(
    keys=OFFICIAL_KEYS,
    timestamp="1714112445",
    nonce="415670741",
    salt="a8eedb185eb2fecf",
    message=(
        '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
        '"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo",'
        '"debug_str":"hello world"}'
    ),
    sealed=(
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJG"
        "QqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrf"
        "MZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgR"
        "tWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    ),
    signature="046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
)
OFFICIAL_REPLY: Final = Vector(
    keys=OFFICIAL_KEYS,
    timestamp="1713424427",
    nonce="415670741",
    salt="707722b803182950",
    message='{"demo_resp":"good luck"}',
    sealed=(
        "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    ),
    signature="1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
)

OUR_POST: Final = Vector(
    keys=OUR_KEYS,
    timestamp="1767225600",
    nonce="1320562132",
    salt="Ab3dEf6hIj9lMn2p",
    message=(
        "<xml><ToUserName><![CDATA[gh_store00000001]]></ToUserName>\n"
        "<FromUserName><![CDATA[oFan0000000000000000000001aa]]></FromUserName>\n"
        "<CreateTime>1767225600</CreateTime>\n"
        "<MsgType><![CDATA[event]]></MsgType>\n"
        "<Event><![CDATA[subscribe]]></Event>\n"
        "<EventKey><![CDATA[qrscene_r_7Kq2M9]]></EventKey>\n"
        "<Ticket><![CDATA[gQTESTTICKET0001]]></Ticket>\n"
        "</xml>"
    ),
    sealed=(
        "JFlQ9YmbFrFy8mioGtX2C8x9oN4E/1B0hdMR4KVKpdWDmC7U+QmBYC/gFf+DAatVHmcaqB9Bms0JbuTd7sLG/H5v"
        "iPUK0riypwpdeZ9ir8EwWmz9udZGTnBQV3CL8daJ9ZMzR3Zs7xjxp88ylZF4ZYNQo4j1Nz0vscFKYBsion+GDe1j"
        "qEWVrisUVPDGJnn6h8FIGX6eGaBVN2iN6aSgITpCSqH2tliSV6VOaImRxiT5DVq6hgacdYqoxh4atF+HlQ6hIqkp"
        "CuINkgNesmDbdEjeyTYPfVyAc2Q3VSzzvyKlyOqC68qZ25LpDCEQXd9isayjVtcSBVNV1gjPRVYt6BwTYI09MLLF"
        "ah58L04pYE3GObyQe8PYXR0SSKnb1dQCzntv9ldOcboKzRYBXSlAg99tBk4V9gWdcoD7bhh24QYOeEirsnSbwkaZ"
        "xE+lTZbb1u9kTDcdGrk9HpQ/lqRXtFgO6u9HdF/QczZb3DD0ZKPt4WKHNjETvltSe6krKpBo"
    ),
    signature="096cdc6094cc46aa6de9e77b2c3f9735b7bd74ca",
)
OUR_REPLY: Final = Vector(
    keys=OUR_KEYS,
    timestamp="1767225601",
    nonce="1320562132",
    salt="0123456789abcdef",
    message=(
        "<xml><ToUserName><![CDATA[oFan0000000000000000000001aa]]></ToUserName>"
        "<FromUserName><![CDATA[gh_store00000001]]></FromUserName>"
        "<CreateTime>1767225601</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        "<Content><![CDATA[欢迎光临]]></Content></xml>"
    ),
    sealed=(
        "Cufh7zVopJoV26fdC7QQ+KScwpQ5ff6HK2fmnsc2vLhS5/cUXIUHHBRykqpi4KDK47rj4MZO90pxnkw2KthsG4lZ"
        "pbr4nGITELieAiaZkspsGdIscXGAeuX50kfmav2FMRD8nJYK+Crl/hZ+0EDRRMcTTD7I+DoMtKYLRR4wRD6zKpel"
        "nAGUmHG0fLTC+Qj7vDX6qSdjBc05rIVAApjo5Tk7x2vFBK5QmWjJGbJgvL8YXt9YTww4vEdmB7GtuttUWheWE2eG"
        "KNSU/WODfb/UHdYKCGLZpIXdYKUpTG8G1OD2xEvswltTnoEF+C07OQxMbTsuOlQKv3BlBXrJDRBmROO4UM44BL9t"
        "Up+48RGRx1+hRcEvKHrXKCPRhiAgUPjR"
    ),
    signature="5e20fcec375dca8ef22f5c05cb7748f15f8d5a47",
)
FULL_BLOCK_MESSAGE: Final = OUR_REPLY.message.replace("欢迎光临", "A" * 16)
FULL_BLOCK_SIGNATURE: Final = "7af16d110ebba3ad4229a085282fc0b1fb67883c"

ALL: Final = [OFFICIAL_POST, OFFICIAL_REPLY, OUR_POST, OUR_REPLY]
