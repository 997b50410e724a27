// Shows a PDF inside the page: in the browser's own viewer where there is one, else with PDF.js,
// which is fetched only now (docs/adr/0005). The link to the file needs none of this.

// Chrome on Android has no viewer; in frames, iOS shows the first page alone.
const hasViewer = navigator.pdfViewerEnabled && matchMedia("(pointer: fine)").matches

function showInFrame(box, address) {
  const frame = document.createElement("iframe")
  frame.src = `${address}#navpanes=0&view=FitH`
  frame.title = box.getAttribute("aria-label")
  box.replaceChildren(frame)
}

async function openWithPdfJs(box, address) {
  const pdfjs = await import(box.dataset.pdfjs)
  pdfjs.GlobalWorkerOptions.workerSrc = box.dataset.worker
  const task = pdfjs.getDocument({
    url: address,
    // Only what is read is fetched: a scan may be large, and a phone pays for it.
    disableAutoFetch: true,
    disableStream: true,
    // The content security policy of the page allows no WebAssembly.
    useWasm: false,
    wasmUrl: box.dataset.decoders,
  })
  return task.promise
}

async function draw(pdf, canvas) {
  const page = await pdf.getPage(Number(canvas.dataset.page))
  const natural = page.getViewport({ scale: 1 })
  const sharpness = Math.max(2, devicePixelRatio) // two: for who zooms in
  const viewport = page.getViewport({ scale: (sharpness * canvas.clientWidth) / natural.width })
  canvas.width = viewport.width
  canvas.height = viewport.height
  canvas.style.aspectRatio = `${natural.width} / ${natural.height}`
  await page.render({ canvas, viewport }).promise
  // What stands inside a canvas is what screen readers read.
  const { items } = await page.getTextContent()
  const text = items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("")
  canvas.textContent = text.trim() ? text : `Trang ${canvas.dataset.page} chưa có lớp văn bản.`
}

function clear(canvas) {
  canvas.width = canvas.height = 0
}

// Pages are drawn as they come near and dropped as they go: phones have little memory. A canvas
// takes one drawing at a time, and who scrolls past quickly leaves it undrawn.
function watch(pdf, canvases, failed) {
  const near = new Set()
  const turns = new Map()
  const settle = (canvas) => (near.has(canvas) ? draw(pdf, canvas) : clear(canvas))
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        isIntersecting ? near.add(target) : near.delete(target)
        const turn = turns.get(target) ?? Promise.resolve()
        turns.set(target, turn.then(() => settle(target)).catch(failed))
      }
    },
    { rootMargin: "100% 0%" },
  )
  canvases.forEach((canvas) => observer.observe(canvas))
}

async function showPages(box, pdf) {
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 })
  const canvases = Array.from({ length: pdf.numPages }, (_, index) => {
    const canvas = document.createElement("canvas")
    canvas.dataset.page = index + 1
    canvas.style.aspectRatio = `${first.width} / ${first.height}`
    return canvas
  })
  box.replaceChildren(...canvases)
  watch(pdf, canvases, () => fail(box))
}

function say(box, sentence) {
  const line = document.createElement("p")
  line.setAttribute("role", "status")
  line.textContent = sentence
  box.replaceChildren(line)
}

function fail(box) {
  say(box, "Chưa xem được tệp ngay trên trang. Hãy bấm tên tệp để mở, hoặc tải tệp về.")
}

async function show(box, address) {
  if (hasViewer) return showInFrame(box, address)
  say(box, "Đang mở tệp…")
  try {
    await showPages(box, await openWithPdfJs(box, address))
  } catch {
    fail(box)
  }
}

for (const button of document.querySelectorAll("[data-pdf]")) {
  const box = document.getElementById(button.getAttribute("aria-controls"))
  button.hidden = false
  button.addEventListener("click", () => {
    box.hidden = !box.hidden
    button.setAttribute("aria-expanded", !box.hidden)
    button.textContent = box.hidden ? "Xem ngay trên trang" : "Đóng tệp"
    if (!box.hidden && !box.hasChildNodes()) show(box, button.dataset.pdf)
  })
}
