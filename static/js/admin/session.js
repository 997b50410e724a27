// Tells the writer of an open form that the session has ended, before anything is lost.

const marker = document.querySelector("input[name=autosave]")
const MINUTE = 60_000
const ENDED = "Phiên làm việc đã hết. Nội dung vẫn được giữ ở đây."
const OTHER = "Thẻ khác đang đăng nhập bằng tài khoản khác. Nội dung vẫn được giữ ở đây."

const cookie = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]

// Signing in elsewhere changes the token; the cookie has the one that counts.
const refreshToken = () => {
  const token = cookie()
  if (!token) return
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    field.value = token
  }
  for (const editor of Object.values(window.CKEDITOR?.instances ?? {})) {
    editor.config.fileTools_requestHeaders = { "X-CSRFToken": token }
  }
}

const show = (words) => {
  let bar = document.getElementById("bar-session")
  if (!words) return bar?.remove()
  if (!bar) {
    bar = document.createElement("div")
    bar.id = "bar-session"
    bar.className = "form-bar form-bar-warning"
    bar.setAttribute("role", "alert")
    marker.form.before(bar)
  }
  const link = document.createElement("a")
  link.href = marker.dataset.loginUrl
  link.target = "_blank"
  link.textContent = "Đăng nhập ở thẻ mới"
  bar.replaceChildren(`${words} `, link, " rồi quay lại đây và bấm Lưu.")
}

const check = async () => {
  try {
    const response = await fetch(marker.dataset.sessionUrl, { cache: "no-store" })
    if (!response.ok) return
    const { user } = await response.json()
    if (user === null) show(ENDED)
    else show(String(user) === marker.dataset.user ? "" : OTHER)
    refreshToken()
  } catch {
    // No network: the next beat asks again.
  }
}

if (marker) {
  setInterval(check, MINUTE)
  window.addEventListener("focus", check)
  document.addEventListener("visibilitychange", () => document.hidden || check())
  marker.form.addEventListener("submit", refreshToken)
}
