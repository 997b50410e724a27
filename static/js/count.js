// Tells the counter that this page is being seen, once, and again when somebody comes back to it; the
// answer refreshes the figures.

const token = document.querySelector("meta[name=dem]")?.content

function show(figures) {
  for (const place of document.querySelectorAll("[data-figure]")) {
    place.textContent = figures[place.dataset.figure] ?? place.textContent
  }
}

async function count() {
  try {
    const address = `/dem/?o=${encodeURIComponent(token)}`
    const answer = await fetch(address, { method: "POST", keepalive: true })
    if (answer.ok) show(await answer.json())
  } catch {
    // No connection, or nginx alone has counted and brings none (204): the figures stay as they are.
  }
}

function countWhenSeen() {
  if (document.prerendering) {
    document.addEventListener("prerenderingchange", countWhenSeen, { once: true })
  } else if (document.visibilityState === "hidden") {
    document.addEventListener("visibilitychange", countWhenSeen, { once: true })
  } else {
    count()
  }
}

if (token) {
  countWhenSeen()
  // Browsers that keep no pages in memory load them anew, and tell; the numbers are to be the same.
  addEventListener("pageshow", ({ persisted }) => persisted && countWhenSeen())
}
