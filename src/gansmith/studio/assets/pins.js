// Samples that are followed: those that were clicked, or the first eight while none was.
const FIRST = [0, 1, 2, 3, 4, 5, 6, 7], MOST_PINS = 24, LONGEST = 300;

class Pins {
  constructor() {
    this.trails = new Map();  // of a sample's number: places, D numbers each
    this.forget(FIRST);
    this.own = false;
  }
  get chosen() { return [...this.trails.keys()]; }
  forget(those = this.chosen) {  // the ways, not who is followed
    this.trails = new Map(those.map((i) => [i, []]));
    this.step = -1;
  }
  toggle(picture, px, py) {  // the sample nearest to a pointer
    const fake = picture.arrays.fake, d = picture.window.length - 1, at = picture.place(px, py);
    if (!fake) return;
    const far = (i) => Math.hypot(...at.slice(0, d).map((v, k) => v - fake[i * d + k]));
    if (!this.own) this.trails = new Map();
    this.own = true;
    let best = 0;
    for (let i = 1; i < fake.length / d; i++) if (far(i) < far(best)) best = i;
    const near = this.chosen.find((i) => far(i) <= far(best) + picture.reach / 60);
    if (near !== undefined) this.trails.delete(near);
    else if (this.trails.size < MOST_PINS) this.trails.set(best, [[...fake.slice(best * d, best * d + d)]]);
    if (!this.trails.size) { this.own = false; this.forget(FIRST); }
  }
  follow(step, fake, d) {
    if (step < this.step) this.forget();
    if (step === this.step) return;
    this.step = step;
    for (const [i, way] of this.trails) {
      way.push([...fake.slice(i * d, i * d + d)]);
      if (way.length > LONGEST) way.shift();
    }
  }
  draw(picture, c, look, fake) {
    const d = picture.window.length - 1, h = picture.canvas.height, ratio = picture.ratio;
    const place = (at, back) => [picture.x(at[0]), d === 2 ? picture.y(at[1]) : h * (0.7 + 0.2 * back)];  // on the line the past lies below
    c.lineWidth = 1.6 * ratio;
    for (const [i, way] of this.trails) {
      const now = fake.slice(i * d, i * d + d);
      c.strokeStyle = d === 2 ? `rgb(${FAKE})` : look.ink;
      c.beginPath();
      way.forEach((at, k) => c[k ? "lineTo" : "moveTo"](...place(at, (way.length - 1 - k) / Math.max(way.length - 1, 40))));
      c.stroke();
      c.beginPath();
      c.arc(...place(now, 0), (this.own ? 6 : 4.5) * ratio, 0, 7);
      if (this.own) { c.fillStyle = `rgb(${FAKE})`; c.fill(); c.strokeStyle = look.ink; }
      c.stroke();
    }
  }
}
