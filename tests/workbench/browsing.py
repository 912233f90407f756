"""A real Chromium on a workbench served over HTTP, for the tests that need one."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from forensics.workbench.application import build
from forensics.workbench.serving import LOOPBACK, _hosts, _listen
from forensics.workbench.sessions import Sessions
from forensics.workbench.state import Settings, Workbench

__all__ = ["Browser", "By", "Keys", "Served", "axe_source", "reason_no_browser"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
PATIENCE_S = 90.0


def reason_no_browser() -> str:
    """Why the tests cannot run here; empty when they can."""
    if CHROMIUM is None or DRIVER is None:
        return "Chromium and its driver are not installed (Debian: chromium chromium-driver)"
    return ""


def axe_source() -> str:
    """The accessibility checker, when somebody put it on this machine (``npm install axe-core``), else nothing."""
    places = [Path(os.environ.get("AXE_CORE", "-")), *(base / "axe" for base in (Path(tempfile.gettempdir()),))]
    places = [place if place.suffix == ".js" else place / "node_modules/axe-core/axe.min.js" for place in places]
    found = next((place for place in places if place.is_file()), None)
    return found.read_text(encoding="utf-8") if found is not None else ""


class Served:
    """A workbench on a free port of this machine, in a thread."""

    def __init__(self, cases: Path, person: str = "Olha") -> None:
        self._listener = _listen(LOOPBACK, 0)
        port = self._listener.getsockname()[1]
        self.address = f"http://{LOOPBACK}:{port}"
        self.sessions = Sessions(person)
        settings = Settings(hosts=_hosts(LOOPBACK, port, ()), person=person, cases=cases)
        self.workbench = Workbench(settings, self.sessions)
        config = uvicorn.Config(
            build(self.workbench), log_level="critical", access_log=False, ws="none", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), daemon=True)
        self._thread.start()

    def entrance(self) -> str:
        """An address that works once."""
        return f"{self.address}/enter?token={self.sessions.new_token()}"

    def close(self) -> None:
        """End it."""
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self.workbench.close()
        self._listener.close()


class Browser:
    """What a person does with a browser, and how many times they acted."""

    def __init__(self, downloads: Path, width: int = 1440, height: int = 1000) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        for switch in (
            "headless=new",
            "no-sandbox",
            "disable-gpu",
            "disable-quic",
            "no-first-run",
            "disable-background-networking",
            "disable-component-update",
            "disable-sync",
            "disable-dev-shm-usage",
            "hide-scrollbars",
            f"window-size={width},{height}",
        ):
            options.add_argument(f"--{switch}")
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.driver.set_page_load_timeout(PATIENCE_S)
        self.driver.set_script_timeout(PATIENCE_S)
        self.downloads = downloads
        self.actions = 0

    def close(self) -> None:
        """End it."""
        self.driver.quit()

    def go(self, address: str) -> None:
        """Open an address."""
        self.driver.get(address)

    def one(self, selector: str) -> WebElement:
        """The element, as soon as it is there."""
        return self.until(lambda: self.all(selector), selector)[0]

    def all(self, selector: str) -> list[WebElement]:
        """Those that are there now."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, there: Callable[[], object], what: str = ""):
        """Wait for something; says what did not come."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                found = there()
            except Exception:  # the page changed under our hands: look again
                found = None
            if found:
                return found
            time.sleep(0.1)
        self.picture(str(self.downloads / "failure.png"))
        raise AssertionError(f"did not come: {what}; {self.driver.current_url}; {self.complaints()}; {self.downloads}")

    def text(self, selector: str) -> str:
        """What it says."""
        return str(self.until(lambda: self.all(selector)[0].text, f"text of {selector}"))

    def act_click(self, selector: str) -> None:
        """One action: a click."""
        self.actions += 1
        self.press(selector)

    def press(self, selector: str) -> None:
        """A click that is not counted."""

        def pressed() -> bool:
            element = self.all(selector)[0]
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
            element.click()
            return True

        self.until(pressed, f"a click on {selector}")

    def act_type(self, selector: str, text: str) -> None:
        """One action: text into a field."""
        self.actions += 1
        self.one(selector).send_keys(text)

    def act_upload(self, selector: str, files: list[Path]) -> None:
        """One action: files dropped or chosen."""
        self.actions += 1
        self.one(selector).send_keys("\n".join(str(path) for path in files))

    def keys(self, *keys: str) -> None:
        """Keys to whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self) -> WebElement:
        """What has the focus."""
        return self.driver.switch_to.active_element

    def viewer(self) -> WebElement:
        """The viewer, as soon as it shows the photograph."""
        return self.one("#viewer[data-ready][data-scale]")

    def at(self, x_px: float, y_px: float) -> tuple[int, int]:
        """Where a point of the photograph is in the viewer, from the middle of it, in CSS pixels."""
        viewer = self.viewer()
        scale, left, top = (float(viewer.get_attribute(f"data-{name}") or 0) for name in ("scale", "left", "top"))
        width, height = self.driver.execute_script(
            "return [arguments[0].clientWidth, arguments[0].clientHeight]", viewer
        )
        return round((x_px - left) * scale - width / 2), round((y_px - top) * scale - height / 2)

    def click_at(self, points: list[tuple[float, float]]) -> None:
        """Click points of the photograph."""
        viewer = self.viewer()
        chain = ActionChains(self.driver, duration=10)
        for x, y in points:
            chain.move_to_element_with_offset(viewer, *self.at(x, y)).click()
        chain.perform()

    def drag(self, first: tuple[float, float], last: tuple[float, float]) -> None:
        """Drag from one point of the photograph to another."""
        start, end = self.at(*first), self.at(*last)
        chain = ActionChains(self.driver, duration=40)
        chain.move_to_element_with_offset(self.viewer(), *start).click_and_hold()
        chain.move_by_offset((end[0] - start[0]) // 2, (end[1] - start[1]) // 2)
        chain.move_to_element_with_offset(self.viewer(), *end).release().perform()

    def picture(self, path: str) -> None:
        """A picture of the page."""
        self.driver.save_screenshot(path)

    def complaints(self) -> list[str]:
        """What the browser's console says is wrong."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def violations(self, axe: str) -> list[str]:
        """What the accessibility checker finds on this page."""
        self.driver.execute_script(axe)
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], "
            "iframes: false}).then(r => done(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')"
            " + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '))))"
        )
        return list(found)

    def too_wide(self) -> bool:
        """Whether the page has to be pushed sideways."""
        script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
        return bool(self.driver.execute_script(script))
