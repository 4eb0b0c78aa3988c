"use strict";
// One clock for all clips. Videos play by themselves, since seeking every frame is slow, and are
// corrected towards the clock by their speed; one that is ahead of another waits for it.
(() => {
  const fps = Number(document.body.dataset.fps);
  const videos = [...document.querySelectorAll(".clips video")];
  if (!videos.length) return;
  const el = (id) => document.getElementById(id);
  const scrub = el("scrub"), clock = el("clock"), play = el("play");
  const speed = el("speed"), loop = el("loop");
  const frame = 1 / fps;
  let frames = 500, time = 0, rate = 1, playing = false, waiting = 0, before = 0;

  // A Blob can be sought in every browser; a data URL cannot.
  for (const video of videos) {
    const text = atob(video.src.slice(video.src.indexOf(",") + 1));
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    video.controls = false;
    video.parentElement.addEventListener("click", () => toggle());
    video.parentElement.addEventListener("dblclick", () => video.requestFullscreen());
  }

  const last = () => (frames - 1) * frame;
  const middle = (t) => (Math.floor(t * fps + 1e-6) + 0.5) * frame; // never between two frames

  function show() {
    const index = Math.min(frames - 1, Math.floor(time * fps + 1e-6));
    scrub.value = index;
    clock.textContent = `${(index * frame).toFixed(2)} s`;
  }

  function settle(video) { // resolves when the frame of the clock is shown
    const goal = Math.min(middle(time), video.duration - frame / 2);
    if (Math.abs(video.currentTime - goal) < frame / 4 && !video.seeking) return Promise.resolve();
    return new Promise((done) => {
      video.addEventListener("seeked", done, { once: true });
      video.currentTime = goal;
    });
  }

  async function align() {
    const turn = ++waiting;
    videos.forEach((video) => video.pause());
    await Promise.all(videos.map(settle));
    return turn === waiting; // false: a later request has taken over
  }

  async function seek(to) {
    time = Math.min(Math.max(to, 0), last());
    show();
    if (!(await align()) || !playing) return;
    await run();
  }

  async function run() { // all start together, or none does
    const turn = waiting;
    await Promise.all(videos.map((video) => video.play().catch(() => {})));
    if (turn !== waiting || !playing) return;
    before = performance.now();
    requestAnimationFrame(tick);
  }

  function tick(now) {
    if (!playing) return;
    const turn = waiting;
    time += Math.min(0.1, (now - before) / 1000) * rate;
    before = now;
    if (time > last()) return end();
    const slowest = Math.min(...videos.map((video) => video.currentTime));
    time = Math.min(time, slowest + 2 * frame * Math.max(1, rate)); // nobody is left behind
    show();
    for (const video of videos) correct(video, slowest);
    if (turn === waiting) requestAnimationFrame(tick);
  }

  function correct(video, slowest) {
    if (video.seeking || video.ended) return;
    const late = time - video.currentTime;
    const nudge = Math.abs(late) > frame / 3 ? Math.max(-0.5, Math.min(0.5, late * 8)) : 0;
    const hold = video.currentTime - slowest > frame / 2; // wait for the others
    video.playbackRate = hold ? 0 : rate * (1 + nudge);
  }

  function end() {
    if (loop.checked) return void seek(0);
    toggle(false);
    seek(last());
  }

  function toggle(to = !playing) {
    playing = to;
    play.textContent = playing ? "❚❚" : "▶";
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    seek(playing && time >= last() - frame / 2 ? 0 : time);
  }

  function step(by) {
    if (playing) toggle(false);
    seek((Math.floor(time * fps + 1e-6) + by) * frame);
  }

  play.onclick = () => toggle();
  el("back").onclick = () => step(-1);
  el("forward").onclick = () => step(1);
  scrub.oninput = () => seek(Number(scrub.value) * frame);
  speed.onchange = () => {
    rate = Number(speed.value);
    videos.forEach((video) => { video.playbackRate = rate; });
  };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, summary, button")) return;
    const action = { " ": () => toggle(), ArrowLeft: () => step(-1), ArrowRight: () => step(1) };
    if (!action[event.key]) return;
    event.preventDefault();
    action[event.key]();
  });

  let played = false; // before the tab was hidden: a hidden one decodes nothing
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) played = playing;
    if (played) toggle(!document.hidden);
  });

  const ready = (video) => video.readyState >= 1 ? Promise.resolve()
    : new Promise((done) => video.addEventListener("loadedmetadata", done, { once: true }));
  Promise.all(videos.map(ready)).then(() => {
    frames = Math.max(1, Math.round(Math.max(...videos.map((video) => video.duration)) * fps));
    scrub.max = frames - 1;
    document.querySelector(".player").hidden = false;
    played = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    toggle(played && !document.hidden);
  });
})();
