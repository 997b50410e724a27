// What every page does by itself. Until its first screen is there, the line is free for style, font
// and photo: only the text size comes at once, all else later, or on leaving.

const LONGEST = 3000 // milliseconds; a photo that hangs holds nothing up for longer
const TO_PAINT = 200 // what a cheap phone takes to show a photo that has come
const AHEAD = {
  eagerness: "moderate", // once the pointer rests on a link
  where: {
    and: [
      { href_matches: ["/", "/tin-tuc/*", "/chuyen-muc/*", "/van-ban/*"] },
      { not: { href_matches: ["/van-ban/tep/*", "/van-ban/tai-ve.*", "/van-ban/*\\?(.+)"] } },
    ],
  },
}
const root = document.documentElement
const token = document.querySelector("meta[name=dem]")?.content

// What the reader has chosen with the buttons of text-size.js.
function setTextSize() {
  try {
    root.dataset.textSize = localStorage.getItem("text-size") ?? 0
  } catch {
    // Storage is forbidden.
  }
}

// What a page can do beyond being read, and the photos below its first screen (card.css).
function startRest() {
  delete root.dataset.arriving
  for (const later of document.querySelectorAll("template[data-later]")) {
    later.replaceWith(document.importNode(later.content, true))
  }
}

// From pages for everybody: not from errors, previews and the like, nor for who has signed in.
function fetchAhead() {
  if (document.querySelector("meta[name=robots][content=noindex], .reader")) return
  const rules = document.createElement("script")
  rules.type = "speculationrules"
  rules.textContent = JSON.stringify({ prefetch: [AHEAD] })
  document.head.append(rules)
}

function showFigures(figures) {
  for (const place of document.querySelectorAll("[data-figure]")) {
    place.textContent = figures[place.dataset.figure] ?? place.textContent
  }
}

// Tells the counter that this page is being seen; the answer refreshes the figures.
async function count() {
  try {
    const address = `/dem/?o=${encodeURIComponent(token)}`
    const answer = await fetch(address, { method: "POST", keepalive: true })
    if (answer.ok) showFigures(await answer.json())
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

setTextSize()
root.dataset.arriving = ""
const arrived = new Promise((resolve) => {
  const afterPaint = () => setTimeout(resolve, TO_PAINT)
  if (document.readyState === "complete") afterPaint()
  else addEventListener("load", afterPaint, { once: true })
  setTimeout(resolve, LONGEST)
})
arrived.then(startRest).then(fetchAhead)
if (token) {
  let isThere = false
  arrived.then(() => (isThere = true)).then(countWhenSeen)
  // Whoever leaves earlier is counted on the way.
  addEventListener("pagehide", () => isThere || document.visibilityState === "hidden" || count())
  // Who comes back is counted again. Browsers that keep no pages in memory load them anew, and tell;
  // the numbers are to be the same.
  addEventListener("pageshow", ({ persisted }) => persisted && countWhenSeen())
}
