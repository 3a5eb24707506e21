// The picture: the data, the samples, what D believes, what samples are told, how noise is folded.
const REAL = [29, 127, 149], FAKE = [210, 96, 15];

function colours(root) {
  const style = getComputedStyle(root);
  const hex = (name) => style.getPropertyValue(name).trim();
  const paper = hex("--st-background-color") || "#fbfaf7";
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = paper;
  const n = parseInt(probe.fillStyle.slice(1), 16);
  const rgb = [n >> 16, (n >> 8) & 255, n & 255];
  return { ink: hex("--st-text-color") || "#222", line: hex("--st-border-color") || "#ccc", paper: rgb, dark: rgb[0] + rgb[1] + rgb[2] < 384 };
}

class Picture {
  constructor(canvas, root) {
    Object.assign(this, { canvas, root, pins: new Pins(), arrays: {}, window: [0, 0, 1], side: 40 });
    this.tile = document.createElement("canvas");
    this.fit();
  }
  fit() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const side = Math.round(Math.min(this.canvas.clientWidth || 560, this.canvas.clientHeight || 560) * ratio);
    if (side > 0 && this.canvas.width !== side) this.canvas.width = this.canvas.height = side;
    this.ratio = ratio;
  }
  get reach() { return this.window[this.window.length - 1]; }
  x(v) { return ((v - this.window[0]) / this.reach + 1) / 2 * this.canvas.width; }
  y(v) { return (1 - (v - this.window[1]) / this.reach) / 2 * this.canvas.height; }
  place(px, py) {  // of a pointer in the canvas, in the units of the data
    const box = this.canvas.getBoundingClientRect(), side = Math.min(box.width, box.height);
    const u = (px - box.left - (box.width - side) / 2) / side, v = (py - box.top - (box.height - side) / 2) / side;
    return [this.window[0] + (2 * u - 1) * this.reach, this.window[1] + (1 - 2 * v) * this.reach];
  }
  draw(about, arrays, layers) {
    this.fit();
    Object.assign(this, { window: about.window, side: about.side, arrays, unit: arrays.unit ? about.unit[0] : "" });
    if (arrays.fake) this.pins.follow(about.step, arrays.fake, about.window.length - 1);
    const c = this.canvas.getContext("2d"), look = colours(this.root);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (about.window.length === 2) { drawLine(this, c, look, layers); return this.followed(c, look, layers); }
    if (this.unit === "discriminator") this.heat(c, look, arrays.unit, this.around(arrays.unit), REAL, FAKE);
    else if (layers.heat && arrays.heat) this.heat(c, look, arrays.heat, (v) => v / 255, REAL, FAKE);
    if (layers.density && arrays.q && !this.unit) {
      const top = Math.max(...arrays.q) || 1;
      this.heat(c, look, arrays.q, (v) => 0.5 - 0.5 * Math.sqrt(v / top), REAL, FAKE);
    }
    if (layers.warp && arrays.warp) this.warp(c, look, arrays.warp);
    if (layers.samples) {
      if (arrays.real) this.dots(c, arrays.real, `rgba(${REAL},${look.dark ? 0.85 : 0.75})`, 3, look);
      if (this.unit === "generator") this.dyed(c, look, arrays.fake, arrays.unit);
      else if (arrays.fake) this.dots(c, arrays.fake, `rgb(${FAKE})`, 2.2, look);
    }
    if (layers.arrows && arrays.pull) this.arrows(c, look, arrays.from, arrays.pull);
    this.followed(c, look, layers);
  }
  followed(c, look, layers) {
    if (layers.trails && this.arrays.fake) this.pins.draw(this, c, look, this.arrays.fake);
  }
  around(values) {  // 0 in the middle, the farthest value at an end
    const top = Math.max(...values.map(Math.abs)) || 1;
    return (v) => 0.5 + (0.5 * v) / top;
  }
  dyed(c, look, points, values) {  // samples in the colour of what a unit says of their noise
    const of = this.around(values), r = 4 * this.ratio;
    for (let i = 0; i < values.length; i++) {
      const d = of(values[i]), to = d > 0.5 ? REAL : FAKE, far = Math.abs(2 * d - 1);
      c.fillStyle = `rgb(${to.map((v, k) => Math.round(look.paper[k] + (v - look.paper[k]) * far))})`;
      c.strokeStyle = look.ink;
      c.lineWidth = 0.5 * this.ratio;
      c.beginPath();
      c.arc(this.x(points[2 * i]), this.y(points[2 * i + 1]), r, 0, 7);
      c.fill();
      c.stroke();
    }
  }
  heat(c, look, values, of, high, low) {
    const n = this.side, image = new ImageData(n, n), strength = look.dark ? 0.62 : 0.5;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
      const d = of(values[i * n + j]), far = Math.abs(2 * d - 1) * strength, to = d > 0.5 ? high : low;
      const at = 4 * ((n - 1 - j) * n + i);
      for (let k = 0; k < 3; k++) image.data[at + k] = look.paper[k] + (to[k] - look.paper[k]) * far;
      image.data[at + 3] = 255;
    }
    this.tile.width = this.tile.height = n;
    this.tile.getContext("2d").putImageData(image, 0, 0);
    c.imageSmoothingEnabled = true;
    c.imageSmoothingQuality = "high";
    c.drawImage(this.tile, 0, 0, this.canvas.width, this.canvas.height);
  }
  dots(c, points, colour, radius, look) {
    c.fillStyle = colour;
    const r = radius * this.ratio;
    c.beginPath();
    for (let i = 0; i < points.length; i += 2) {
      const x = this.x(points[i]), y = this.y(points[i + 1]);
      c.moveTo(x + r, y);
      c.arc(x, y, r, 0, 7);
    }
    c.fill();
  }
  arrows(c, look, from, pull) {
    let mean = 0;
    for (let i = 0; i < pull.length; i += 2) mean += Math.hypot(pull[i], pull[i + 1]) / (pull.length / 2);
    c.strokeStyle = look.ink;
    c.globalAlpha = 0.75;
    c.lineWidth = 1.1 * this.ratio;
    c.beginPath();
    for (let i = 0; i < pull.length; i += 2) {
      const size = Math.hypot(pull[i], pull[i + 1]);
      if (!(size > 1e-6)) continue;
      const length = 0.13 * this.canvas.width * size / (size + 0.6), ux = pull[i] / size, uy = -pull[i + 1] / size;
      const x = this.x(from[i]), y = this.y(from[i + 1]), tx = x + ux * length, ty = y + uy * length, h = Math.min(length * 0.4, 5 * this.ratio);
      c.moveTo(x, y); c.lineTo(tx, ty);
      c.lineTo(tx - h * (ux + 0.5 * uy), ty - h * (uy - 0.5 * ux));
      c.moveTo(tx, ty); c.lineTo(tx - h * (ux - 0.5 * uy), ty - h * (uy + 0.5 * ux));
    }
    c.stroke();
    c.globalAlpha = 1;
  }
  warp(c, look, grid) {
    const [rows, columns] = grid.shape;
    c.strokeStyle = `rgb(${FAKE})`;
    c.globalAlpha = 0.55;
    c.lineWidth = this.ratio;
    c.beginPath();
    const at = (i, j) => [this.x(grid[2 * (i * columns + j)]), this.y(grid[2 * (i * columns + j) + 1])];
    if (grid.shape.length === 2) {  // of a line of noise
      for (let i = 0; i < rows; i++) c[i ? "lineTo" : "moveTo"](this.x(grid[2 * i]), this.y(grid[2 * i + 1]));
    } else for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) c[j ? "lineTo" : "moveTo"](...at(i, j));
      for (let j = 0; j < columns; j++) c[j ? "lineTo" : "moveTo"](...at(j, i));
    }
    c.stroke();
    c.globalAlpha = 1;
  }
}
