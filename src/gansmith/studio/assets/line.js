// The picture of data on the line: densities and D above, the noise below, and where each noise goes.
function drawLine(picture, c, look, layers) {
  const { arrays, ratio } = picture, w = picture.canvas.width, h = picture.canvas.height;
  const floor = h * 0.7, ceiling = h * 0.06, tall = floor - ceiling, noise = h * 0.93;
  const data = Math.max(...(arrays.p || [1])), top = Math.min(Math.max(data, ...((layers.density && arrays.q) || [0])), 3 * data) * 1.12 || 1;
  const curve = (values, scale, fill, stroke) => {
    const n = values.length;
    c.beginPath();
    for (let i = 0; i < n; i++) c[i ? "lineTo" : "moveTo"](((i + 0.5) / n) * w, floor - (values[i] / scale) * tall);
    if (stroke) { c.strokeStyle = stroke; c.lineWidth = 2 * ratio; c.stroke(); }
    if (fill) { c.lineTo(w, floor); c.lineTo(0, floor); c.fillStyle = fill; c.fill(); }
  };
  if (layers.heat && arrays.heat) {
    const n = arrays.heat.length, image = new ImageData(n, 1);
    arrays.heat.forEach((v, i) => image.data.set([...(v > 127.5 ? REAL : FAKE), Math.abs(2 * v - 255) * 0.22], 4 * i));
    Object.assign(picture.tile, { width: n, height: 1 });
    picture.tile.getContext("2d").putImageData(image, 0, 0);
    c.drawImage(picture.tile, 0, ceiling, w, tall);
  }
  c.save();  // a density higher than the picture leaves it
  c.beginPath();
  c.rect(0, 0, w, h);
  c.clip();
  if (arrays.p) curve(arrays.p, top, `rgba(${REAL},.28)`, `rgb(${REAL})`);
  if (layers.density && arrays.q) curve(arrays.q, top, `rgba(${FAKE},.28)`, `rgb(${FAKE})`);
  c.restore();
  if (picture.unit === "discriminator") curve(Array.from(arrays.unit, picture.around(arrays.unit)), 1, null, look.ink);
  else if (layers.heat && arrays.heat) {
    c.setLineDash([6 * ratio, 4 * ratio]);
    curve(Array.from(arrays.heat, (v) => v / 255), 1, null, look.ink);
    c.setLineDash([]);
  }
  c.strokeStyle = look.ink;
  c.globalAlpha = 0.5;
  c.lineWidth = ratio;
  c.beginPath();
  c.moveTo(0, floor); c.lineTo(w, floor);
  c.moveTo(0, noise); c.lineTo(w, noise);
  c.stroke();
  c.globalAlpha = 1;
  if (layers.warp && arrays.warp) {
    c.strokeStyle = `rgb(${FAKE})`;
    c.globalAlpha = 0.4;
    c.beginPath();
    for (let i = 0; i < arrays.warp.length; i += 4) {
      c.moveTo(((i + 0.5) / arrays.warp.length) * w, noise);
      c.lineTo(picture.x(arrays.warp[i]), floor);
    }
    c.stroke();
    c.globalAlpha = 1;
  }
  const ticks = (points, colour, below) => {
    c.strokeStyle = colour;
    c.globalAlpha = 0.5;
    c.beginPath();
    for (const v of points) { c.moveTo(picture.x(v), floor); c.lineTo(picture.x(v), floor + (below ? 11 : -11) * ratio); }
    c.stroke();
    c.globalAlpha = 1;
  };
  if (picture.unit === "generator") {  // what the unit says of each sample's noise, over where the sample is
    const of = picture.around(arrays.unit);
    c.fillStyle = look.ink;
    arrays.fake.forEach((v, i) => c.fillRect(picture.x(v) - ratio, floor - of(arrays.unit[i]) * tall, 3 * ratio, 3 * ratio));
  }
  if (layers.samples && arrays.real) ticks(arrays.real, `rgb(${REAL})`, false);
  if (layers.samples && arrays.fake) ticks(arrays.fake, `rgb(${FAKE})`, true);
  if (layers.arrows && arrays.pull) {
    c.strokeStyle = look.ink;
    c.lineWidth = 1.2 * ratio;
    c.beginPath();
    for (let i = 0; i < arrays.pull.length; i += 3) {
      const x = picture.x(arrays.from[i]), g = arrays.pull[i], y = floor + (16 + (i % 7) * 4) * ratio;
      const to = x + (Math.sign(g) * 0.12 * w * Math.abs(g)) / (Math.abs(g) + 0.6), head = Math.sign(g) * 4 * ratio;
      c.moveTo(x, y); c.lineTo(to, y); c.lineTo(to - head, y - 3 * ratio); c.moveTo(to, y); c.lineTo(to - head, y + 3 * ratio);
    }
    c.stroke();
  }
  c.fillStyle = look.ink;
  c.font = `${12 * ratio}px sans-serif`;
  c.fillText("noise z", 8 * ratio, noise + 17 * ratio);
  c.fillText(picture.unit ? "the unit, 0 half-way up" : "D(x), dashed; 1 at the top", 8 * ratio, ceiling - 8 * ratio);
}
