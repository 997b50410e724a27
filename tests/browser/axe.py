"""axe-core on a page that is open."""

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe


def assert_no_barrier(page, name, *, dark=True):
    """Run every rule in light colours and, if `dark`, in dark ones those about colours alone."""
    _paint(page, "light")
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}\n{found.generate_report()}"
    if not dark:
        return
    _paint(page, "dark")
    # axe itself is on the page by now, and half a megabyte.
    found = AxeResults(
        page.evaluate("axe.run({ runOnly: ['color-contrast'], resultTypes: ['violations'] })")
    )
    assert found.violations_count == 0, f"{name}, dark\n{found.generate_report()}"


def _paint(page, scheme):
    """Show the page in the colours of `scheme`, once its links have faded into theirs."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
