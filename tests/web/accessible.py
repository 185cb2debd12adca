"""Whether a page can be used by whoever does not see it, sees it in the dark, or has it on a phone."""

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

_DESK, _PHONE = {"width": 1100, "height": 760}, {"width": 390, "height": 760}
#: Of what axe looks at, colours alone are others in the dark.
_COLOURS = {"runOnly": ["color-contrast"]}


def with_axe(context: BrowserContext) -> BrowserContext:
    """Every page of it has axe from the beginning. The policy of the pages would refuse it."""
    context.add_init_script(Axe().axe_script)
    return context


def shortcomings(page: Page) -> list[str]:
    """What is serious of the page as it stands: by axe in light and in dark, and what leaves the window of a phone."""
    page.emulate_media(color_scheme="light")
    found = [f"light: {one}" for one in _serious(page, {})]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in _serious(page, _COLOURS)]
    page.set_viewport_size(_PHONE)  # type: ignore[arg-type]
    if (width := page.evaluate("document.documentElement.scrollWidth")) > _PHONE["width"]:
        found.append(f"phone: {width} pixels wide, as are {_wide(page)}")
    page.set_viewport_size(_DESK)  # type: ignore[arg-type]
    return found


def _serious(page: Page, options: dict[str, Any]) -> list[str]:
    asked = json.dumps({"resultTypes": ["violations"]} | options)
    violations = page.evaluate(f"axe.run(document, {asked}).then((found) => found.violations)")
    return [
        f"{one['id']}: {[node['html'] for node in one['nodes']][:3]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


def _wide(page: Page) -> list[str]:
    """The elements that reach out of the window, but for what can be scrolled by itself."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main *, header *, footer *")]
            .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".wide"))
            .map((one) => one.outerHTML.slice(0, 90)).slice(0, 4)"""
    )
    return found
