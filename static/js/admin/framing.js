// Cut and focal point of a photo, drawn on the picture; the number boxes keep them.
// Drag: a new frame. Click, or the arrow keys: the focal point, in percent of what the frame leaves.

const place = document.querySelector("[data-framing]")
const box = (name) => document.getElementById(`id_${name}`)
const value = (name) => Number(box(name).value) || 0
const within = (number, least, most) => Math.min(most, Math.max(least, Math.round(number)))

const set = (values) => {
  for (const [name, number] of Object.entries(values)) box(name).value = number
  box(Object.keys(values)[0]).dispatchEvent(new Event("input", { bubbles: true }))
}

const frame = () => ({
  left: value("cut_left"),
  top: value("cut_top"),
  width: 100 - value("cut_left") - value("cut_right"),
  height: 100 - value("cut_top") - value("cut_bottom"),
})

const pointOf = (event) => {
  const area = place.getBoundingClientRect()
  return {
    x: within(((event.clientX - area.left) / area.width) * 100, 0, 100),
    y: within(((event.clientY - area.top) / area.height) * 100, 0, 100),
  }
}

const focusOn = ({ x, y }) => {
  const { left, top, width, height } = frame()
  set({
    focus_x: within(((x - left) / width) * 100, 0, 100),
    focus_y: within(((y - top) / height) * 100, 0, 100),
  })
}

const cutTo = (one, other) => {
  const left = Math.min(one.x, other.x, 90)
  const top = Math.min(one.y, other.y, 90)
  set({
    cut_left: left,
    cut_top: top,
    cut_right: 100 - Math.max(one.x, other.x, left + 10),
    cut_bottom: 100 - Math.max(one.y, other.y, top + 10),
  })
}

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

const moveFocus = (event) => {
  if (!MOVES[event.key]) return
  event.preventDefault()
  const [x, y] = MOVES[event.key].map((step) => step * (event.shiftKey ? 10 : 1))
  set({
    focus_x: within(value("focus_x") + x, 0, 100),
    focus_y: within(value("focus_y") + y, 0, 100),
  })
}

const wire = () => {
  const kept = document.createElement("div")
  const point = document.createElement("button")
  const reset = document.createElement("button")
  kept.className = "framing-kept"
  point.className = "framing-point"
  reset.className = "button"
  point.type = reset.type = "button"
  reset.textContent = "Bỏ khung cắt"
  kept.append(point)
  place.append(kept)
  place.after(reset)
  place.querySelector("img").draggable = false

  const show = () => {
    const { left, top, width, height } = frame()
    Object.assign(kept.style, {
      left: `${left}%`,
      top: `${top}%`,
      width: `${width}%`,
      height: `${height}%`,
    })
    const [x, y] = [value("focus_x"), value("focus_y")]
    Object.assign(point.style, { left: `${x}%`, top: `${y}%` })
    const words = `Điểm chính: từ trái ${x} %, từ trên ${y} %. Dời bằng các phím mũi tên.`
    point.setAttribute("aria-label", words)
    reset.disabled = width === 100 && height === 100
  }

  let start = null
  let dragged = false
  place.addEventListener("pointerdown", (event) => {
    start = pointOf(event)
    dragged = false
    place.setPointerCapture(event.pointerId)
  })
  place.addEventListener("pointermove", (event) => {
    if (!start) return
    const now = pointOf(event)
    dragged ||= Math.abs(now.x - start.x) > 3 && Math.abs(now.y - start.y) > 3
    if (dragged) cutTo(start, now)
  })
  place.addEventListener("pointerup", () => {
    if (start && !dragged) focusOn(start)
    start = null
    point.focus()
  })
  place.addEventListener("pointercancel", () => (start = null))
  point.addEventListener("keydown", moveFocus)
  reset.addEventListener("click", () =>
    set({ cut_left: 0, cut_top: 0, cut_right: 0, cut_bottom: 0 }),
  )
  place.closest("form").addEventListener("input", show)
  show()
}

if (place && box("focus_x")) wire()
