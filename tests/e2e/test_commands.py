"""The commands, beside a shop that runs."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
import requests
from PIL import Image

from demo.launch import Launcher, NotReady
from tests.e2e.running import running
from wxapp_backend.drawing import read_code

PAYLOAD = "https://shop.example.cn/r/7K2M9XQP"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Generator[Launcher]:
    """Yield a running shop, shared by the tests of this file."""
    with running(tmp_path_factory.mktemp("shop")) as (launcher, _):
        yield launcher


def test_the_doctor_finds_a_healthy_account(shop: Launcher) -> None:
    """Credentials, callbacks, templates, linking and code page are looked at and good."""
    text = shop.shop.command("doctor")

    assert "一切就绪" in text
    for subject in ("小程序凭证", "服务号凭证", "服务号回调", "小程序回调", "账号互通", "小程序码"):
        assert f"✓ {subject}" in text


def test_the_doctor_names_the_address_that_is_not_listed(shop: Launcher) -> None:
    """An address missing from the IP list fails the check and says what to do."""
    fault = {"path": "/cgi-bin/*", "errcode": 40164, "times": 50}
    requests.post(f"{shop.shop.sandbox}/_faults", json=fault, timeout=5).raise_for_status()
    try:
        with pytest.raises(NotReady):
            shop.shop.command("doctor")
    finally:
        requests.delete(f"{shop.shop.sandbox}/_faults", timeout=5)


def test_the_ledger_is_verified(shop: Launcher) -> None:
    """On an honest ledger the command ends well."""
    assert "the books balance" in shop.shop.command("verify-ledger")


def test_a_revoked_key_is_refused(shop: Launcher) -> None:
    """A key that leaked is found by its name and ended; the program that held it gets a 401."""
    secret = shop.shop.command("api-key", "--name", "旧收银机", "--scope", "orders").splitlines()[
        -1
    ]
    asked = f"{shop.shop.backend}/open/v1/customers/nobody"
    headers = {"Authorization": f"Bearer {secret}"}
    assert requests.get(asked, headers=headers, timeout=20).status_code == 404
    (line,) = [each for each in _keys(shop) if each.endswith("  旧收银机")]
    assert "in use  orders" in line
    assert secret not in line

    shop.shop.command("api-keys", "revoke", line.split()[0])

    assert requests.get(asked, headers=headers, timeout=20).status_code == 401
    (line,) = [each for each in _keys(shop) if each.endswith("  旧收银机")]
    assert "revoked  orders" in line
    with pytest.raises(NotReady):
        shop.shop.command("api-keys", "revoke", "nobody")


def _keys(shop: Launcher) -> list[str]:
    return shop.shop.command("api-keys", "list").splitlines()


def test_a_poster_is_drawn_into_a_file(shop: Launcher, tmp_path: Path) -> None:
    """The picture has the asked size, and its code reads back."""
    out = tmp_path / "poster.png"

    shop.shop.command(
        *("posters", "render", "--template", "new-customer-gift", "--nickname", "王小美"),
        *("--payload", PAYLOAD, "--out", str(out), "--size", "1080x1920"),
    )

    assert read_code(out.read_bytes()) == PAYLOAD
    with Image.open(out) as picture:
        assert picture.size == (1080, 1920)


def test_many_posters_are_drawn_from_a_table(shop: Launcher, tmp_path: Path) -> None:
    """One picture for each row, each with its own code."""
    table = tmp_path / "people.csv"
    rows = [f"table-{number},{PAYLOAD}?t={number},桌号 {number}" for number in range(12)]
    table.write_text("file,payload,nickname\n" + "\n".join(rows), encoding="utf-8")

    shop.shop.command(
        *("posters", "bulk", "--template", "new-customer-gift"),
        *("--people", str(table), "--out", str(tmp_path / "out")),
    )

    read = {each.stem: read_code(each.read_bytes()) for each in (tmp_path / "out").iterdir()}
    assert read == {f"table-{number}": f"{PAYLOAD}?t={number}" for number in range(12)}


def test_a_table_with_a_wicked_name_is_refused(shop: Launcher, tmp_path: Path) -> None:
    """A file name cannot lead out of the folder."""
    table = tmp_path / "people.csv"
    table.write_text(f"file,payload\n../out,{PAYLOAD}\n", encoding="utf-8")

    with pytest.raises(NotReady, match="line 2"):
        shop.shop.command(
            *("posters", "bulk", "--template", "new-customer-gift"),
            *("--people", str(table), "--out", str(tmp_path / "out")),
        )


def test_a_wrong_id_is_a_sentence(shop: Launcher) -> None:
    """A mistake is answered in words, without a traceback."""
    with pytest.raises(NotReady) as caught:
        shop.shop.command("staff-invite", "--store", "nowhere")

    assert "not_found" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_second_store_is_added(shop: Launcher) -> None:
    """The new store is there for customers at once."""
    store_id = shop.shop.command("stores", "add", "--name", "徐家汇店").splitlines()[-1]

    stores = requests.get(f"{shop.shop.backend}/api/v1/stores", timeout=5).json()["items"]
    assert store_id in {store["id"] for store in stores}
    assert f"{store_id}  徐家汇店" in shop.shop.command("stores", "list")
