// Curves over steps: two of them, each in a scale of its own where their units differ.
function drawCurve(canvas, rows, columns, look, own) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const w = Math.round(canvas.clientWidth * ratio), h = Math.round(canvas.clientHeight * ratio);
  if (!w || !h) return;
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  const c = canvas.getContext("2d"), n = rows.shape[0], k = rows.shape[1];
  c.clearRect(0, 0, w, h);
  if (n < 2) return;
  const first = rows[0], span = rows[(n - 1) * k] - first || 1;
  const range = (column) => {
    const seen = [];
    for (let i = 0; i < n; i++) if (Number.isFinite(rows[i * k + column])) seen.push(rows[i * k + column]);
    seen.sort((a, b) => a - b);
    return [seen[Math.floor(seen.length * 0.01)] ?? 0, seen[Math.ceil(seen.length * 0.99) - 1] ?? 1];
  };
  const both = columns.map(range), low = Math.min(...both.map((r) => r[0])), high = Math.max(...both.map((r) => r[1]));
  const colour = [REAL, FAKE], margin = 4 * ratio, label = 34 * ratio;
  columns.forEach((column, which) => {
    const [a, b] = own ? [0, both[which][1] * 1.05] : [low, high], size = b - a || 1;
    c.strokeStyle = `rgb(${colour[which]})`;
    c.lineWidth = 1.4 * ratio;
    c.beginPath();
    let pen = false;
    for (let i = 0; i < n; i++) {
      const v = rows[i * k + column];
      if (!Number.isFinite(v)) { pen = false; continue; }
      const x = label + ((rows[i * k] - first) / span) * (w - label - margin);
      const y = h - margin - (Math.max(a, Math.min(b, v)) - a) / size * (h - 2 * margin);
      c[pen ? "lineTo" : "moveTo"](x, y);
      pen = true;
    }
    c.stroke();
  });
  c.fillStyle = look.ink;
  c.globalAlpha = 0.65;
  c.font = `${10.5 * ratio}px sans-serif`;
  const told = own ? [both[0][1] * 1.05, 0] : [high, low];
  c.fillText(shown(told[0]), 0, 10 * ratio);
  c.fillText(shown(told[1]), 0, h - 3 * ratio);
  c.globalAlpha = 1;
}

function shown(v) {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  const size = Math.abs(v);
  return size >= 1000 ? v.toExponential(1) : size >= 100 ? v.toFixed(0) : size >= 10 ? v.toFixed(1) : v.toFixed(size >= 1 ? 2 : 3);
}
