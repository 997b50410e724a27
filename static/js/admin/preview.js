// Shrinks the frames of the preview into the space there is.

const fit = (window_) => {
  const frame = window_.querySelector("iframe")
  const scale = Math.min(1, window_.clientWidth / Number(window_.dataset.preview))
  frame.style.transform = `scale(${scale})`
  window_.style.height = `${frame.height * scale}px`
}

const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)))
for (const window_ of document.querySelectorAll("[data-preview]")) observer.observe(window_)
