// Says every few seconds that this form is open, and shows who else has it open.

const marker = document.querySelector("input[name=autosave]")
const EVERY = 5000

const said = () => {
  const body = new FormData()
  body.append("csrfmiddlewaretoken", marker.form.elements.csrfmiddlewaretoken.value)
  return body
}

const show = (names) => {
  let bar = document.getElementById("bar-presence")
  if (!names.length) return bar?.remove()
  const words = `${names.join(", ")} cũng đang mở trang này. Hãy trao đổi với nhau trước khi sửa.`
  if (bar?.textContent === words) return
  bar?.remove()
  bar = document.createElement("div")
  bar.id = "bar-presence"
  bar.className = "form-bar form-bar-warning"
  bar.setAttribute("role", "status")
  bar.textContent = words
  marker.form.before(bar)
}

const beat = async () => {
  if (document.hidden) return
  try {
    const response = await fetch(marker.dataset.presenceUrl, { method: "POST", body: said() })
    if (response.ok && !response.redirected) show((await response.json()).others)
  } catch {
    // No network: the next beat asks again.
  }
}

if (marker?.dataset.presenceUrl) {
  beat()
  setInterval(beat, EVERY)
  document.addEventListener("visibilitychange", beat)
  window.addEventListener("pageshow", beat)
  window.addEventListener("pagehide", () => {
    const body = said()
    body.append("leave", "")
    navigator.sendBeacon(marker.dataset.presenceUrl, body)
  })
}
