// The reading room in a real browser: headless Chromium, driven by Playwright's core.
//
//     cargo build --release && cd browser && npm ci && npm test
//
// CHROMIUM names the browser where it is not /usr/bin/chromium. Screenshots of each view go to browser/shots.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const shots = join(here, "shots");
mkdirSync(shots, { recursive: true });
const example = (name) => readFileSync(join(root, "examples", name), "utf8");

let browser, server, base, folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "sayso-browser-"));
  const binary = process.env.SAYSO ?? join(root, "target", "release", "sayso");
  server = spawn(binary, ["serve", "--port", "0", join(folder, "news.sayso")], { stdio: ["ignore", "pipe", "ignore"] });
  base = await new Promise((resolve, reject) => {
    server.on("error", reject);
    server.stdout.on("data", (d) => resolve(/http:\/\/[\d.:]+/.exec(String(d))[0]));
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  server?.kill("SIGINT");
  rmSync(folder, { recursive: true, force: true });
});

/** A page that complains of script errors, of requests to elsewhere and of broken policies. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.wrong = [];
  page.on("pageerror", (e) => page.wrong.push(`script: ${e.message}`));
  page.on("request", (r) => { if (!r.url().startsWith(base)) page.wrong.push(`asks ${r.url()}`); });
  page.on("console", (m) => { if (/Content Security Policy|Refused/.test(m.text())) page.wrong.push(m.text()); });
  page.on("dialog", (d) => { page.wrong.push(`dialog: ${d.message()}`); d.dismiss(); });
  return page;
}

async function close(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });

async function accessible(page, what) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const said = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(" | ")}`);
  assert.deepEqual(said, [], what);
}

/** The example stories on the desk: their numbers by a part of their files' names. */
async function examples(page) {
  await page.goto(`${base}/`);
  const list = async () => (await (await page.request.get(`${base}/desk.json?limit=500`)).json()).items;
  if (!(await list()).some((s) => s.path === "lido.txt")) {
    await page.getByRole("button", { name: "Open the example stories" }).click();
    await page.waitForURL("**/desk");
  }
  const items = await list();
  return (name) => items.find((s) => s.path.includes(name)).story;
}

test("opens empty, with the example stories one click away", async () => {
  const page = await open();
  await page.goto(base);
  await page.getByText("Nothing is here yet").waitFor();
  await accessible(page, "empty");
  await shot(page, "empty");
  await page.getByRole("button", { name: "Open the example stories" }).click();
  await page.waitForURL("**/desk");
  assert.equal(await page.locator("tbody tr").count(), 8);
  await shot(page, "stories");
  await close(page);
});

test("a pasted story is read, and the way goes from the text to the card and back", async () => {
  const page = await open();
  await page.goto(`${base}/add`);
  await page.getByLabel("Text of a story").fill(example("harbour-fund-wire.txt"));
  await page.getByRole("button", { name: "Read" }).click();
  await page.waitForURL("**/desk/stories/*");
  assert.match(await page.locator(".summary").innerText(), /attributions from \d+ sources/);
  const refs = page.locator("article .ref");
  const cards = page.locator("article .card");
  assert.equal(await refs.count(), await cards.count());
  assert.ok((await cards.count()) > 15);
  await refs.nth(4).click();
  assert.equal(await page.evaluate(() => document.activeElement.closest(".card")?.id), "a5");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "t-a5");
  // what the article attributes is shown, never that it was said
  assert.equal(await page.locator("main").getByText(/\bsaid by\b/).count(), 0);
  await accessible(page, "read");
  await close(page);
});

test("no line moves when marks are switched, and no card stands on another", async () => {
  const page = await open();
  const id = (await examples(page))("insiders");
  await page.goto(`${base}/desk/stories/${id}`);
  const lines = () => page.evaluate(() => [...document.querySelectorAll(".block > p")].map((p) => {
    const r = p.getBoundingClientRect();
    return [Math.round(r.left), Math.round(r.top + scrollY), Math.round(r.width), Math.round(r.height)];
  }));
  const first = await lines();
  for (const mark of ["source", "cue", "content"]) {
    await page.getByLabel(mark, { exact: true }).uncheck();
    assert.deepEqual(await lines(), first, `without ${mark}`);
  }
  await shot(page, "unmarked");
  const shown = () => page.locator(".card:visible").count();
  const all = await shown();
  await page.getByLabel(/unnamed \(/).check();
  const unnamed = await shown();
  assert.ok(unnamed > 0 && unnamed < all && unnamed === await page.locator(".card.unnamed").count());
  assert.deepEqual(await lines(), first, "with the cards of unnamed sources only");
  await page.getByLabel(/\ball \(/).check();
  for (const mark of ["source", "cue", "content"]) await page.getByLabel(mark, { exact: true }).check();
  const boxes = await page.evaluate(() => [...document.querySelectorAll(".card")].map((c) => {
    const r = c.getBoundingClientRect();
    return [r.left, r.top, r.right, r.bottom];
  }));
  for (let i = 1; i < boxes.length; i++) assert.ok(boxes[i][1] >= boxes[i - 1][3] - 1, `card ${i + 1} stands on card ${i}`);
  const width = await page.evaluate(() => {
    const p = [...document.querySelectorAll(".body > p")].sort((a, b) => b.innerText.length - a.innerText.length)[0];
    const lines = p.getClientRects().length || 1;
    return p.innerText.length / Math.round(p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight)) / lines;
  });
  assert.ok(width >= 45 && width <= 80, `${width} characters to the line`);
  await shot(page, "read");
  await close(page);
});

test("three stories are dropped, and the chain leads to one origin", async () => {
  const page = await open();
  await page.goto(`${base}/add`);
  const names = ["harbour-fund-wire.txt", "harbour-fund-relay.txt", "harbour-fund-insiders.txt"];
  const data = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const [name, text] of files) data.items.add(new File([text], name, { type: "text/plain" }));
    return data;
  }, names.map((n) => [n, example(n)]));
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await page.getByText(/Reading harbour-fund/).waitFor();
  await page.waitForURL("**/desk/origins?*");
  assert.equal(await page.locator("h1").innerText(), "3 reports, 1 visible origin");
  await accessible(page, "origins");
  await shot(page, "origins");
  await page.getByRole("link", { name: /She had the report on her desk/ }).first().click();
  await page.waitForURL("**/desk/chain/*/*");
  assert.equal(await page.locator(".verdict").innerText(), "3 reports, 1 visible origin");
  assert.equal(await page.locator(".tree svg .node").count(), 3);
  assert.equal(await page.locator(".chain li").count(), 3);
  await page.getByText("no earlier source visible here").waitFor();
  assert.ok((await page.locator(".chain").innerText()).includes("rank lost"));
  await accessible(page, "family");
  await shot(page, "chain");
  await page.getByRole("link", { name: "compare the stories" }).first().click();
  await page.waitForURL("**/desk/compare?*");
  await page.getByText("Statements that both carry").waitFor();
  await accessible(page, "compare");
  await shot(page, "compare");
  await close(page);
});

test("two versions are compared, and changes are filtered by their kind", async () => {
  const page = await open();
  const first = example("lido.txt");
  const second = first.replace(/\b(\d+)\b/, "99").replace("said", "claimed");
  assert.notEqual(first, second);
  await page.goto(`${base}/add`);
  const ids = [];
  for (const text of [first, second]) {
    await page.goto(`${base}/add`);
    await page.getByLabel("Text of a story").fill(text);
    await page.getByRole("button", { name: "Read" }).click();
    await page.waitForURL("**/desk/stories/*");
    ids.push(page.url().split("/").pop());
  }
  await page.goto(`${base}/desk`);
  for (const id of ids) await page.locator(`input[name=story][value="${id}"]`).check();
  await page.getByRole("button", { name: "Compare two" }).click();
  await page.getByText("Side by side").waitFor();
  const all = await page.locator("article ins").count();
  assert.ok(all >= 2);
  for (const k of ["quote", "source", "hedge", "other"]) await page.getByRole("checkbox", { name: new RegExp(`^${k}`) }).uncheck();
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL("**kinds=number*");
  assert.equal(await page.locator("article ins").count(), 1);
  assert.match(await page.locator("article ins").innerText(), /99/);
  await shot(page, "versions");
  await close(page);
});

test("statements are searched for, and a name is followed over time", async () => {
  const page = await open();
  await examples(page);
  await page.goto(`${base}/desk/search`);
  await page.getByLabel("Words").fill('"on her desk"');
  await page.getByLabel("Source is").selectOption("unnamed");
  await page.keyboard.press("Enter");
  await page.getByLabel("Words").press("Enter");
  await page.waitForURL("**q=*");
  assert.ok((await page.locator(".hits li").count()) >= 2);
  await accessible(page, "search");
  await shot(page, "search");
  await page.locator(".hits a").first().click();
  await page.waitForURL("**/desk/stories/*#t-a*");
  await page.goto(`${base}/desk/said?name=Reyes`);
  assert.ok((await page.locator(".hits li").count()) > 2);
  await accessible(page, "said");
  await shot(page, "said");
  await page.goto(`${base}/desk/said?name=Nobody+Here`);
  await page.getByText("Nothing is attributed to anybody of that name").waitFor();
  await close(page);
});

test("every view passes by day, by night, on a narrow screen and at 400 %", async () => {
  const ids = await examples(await open());
  const id = ids("insiders");
  const views = {
    read: `/desk/stories/${id}`, sources: `/desk/stories/${id}/sources?sort=count&down=1`, storychain: `/desk/stories/${id}/chain`, explain: `/desk/stories/${id}/explain/a5`,
    chains: "/desk/chain", counts: "/desk/counts", said: "/desk/said", desk: "/desk", add: "/add", help: "/help", api: "/api", lost: "/nowhere",
    compare: `/desk/compare?a=${id}&b=${ids("relay")}&anyway=1`, market: `/desk/stories/${ids("night")}`,
  };
  for (const [how, options] of Object.entries({ day: {}, night: { colorScheme: "dark" }, narrow: { viewport: { width: 320, height: 640 }, reducedMotion: "reduce" } })) {
    const page = await open(options);
    for (const [name, path] of Object.entries(views)) {
      await page.goto(base + path);
      await accessible(page, `${name} by ${how}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${name} by ${how} is ${over} px too wide`);
      await shot(page, `${name}-${how}`);
    }
    await close(page);
  }
});

test("every link and button of a page is reached and seen by keyboard", async () => {
  const page = await open();
  const id = (await examples(page))("wire");
  await page.goto(`${base}/desk/stories/${id}`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const all = await page.evaluate(() => document.querySelectorAll("main a, main button, main input:not([type=hidden], [type=radio]:not(:checked)), main summary").length);
  const reached = new Set();
  for (let i = 0; i < all + 10; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e.closest("main")) return null;
      e.dataset.tabbed ??= String(Math.random());
      const s = getComputedStyle(e);
      return { key: e.dataset.tabbed, seen: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 };
    });
    if (!at) break;
    assert.ok(at.seen, "focus is not seen");
    reached.add(at.key);
  }
  // a closed <details> keeps its form to itself
  assert.ok(reached.size >= all - 2, `${reached.size} of ${all}`);
  await close(page);
});

test("rows are filtered where they stand, and high contrast keeps the marks", async () => {
  const page = await open({ forcedColors: "active" });
  const id = (await examples(page))("insiders");
  await page.goto(`${base}/desk/stories/${id}/sources`);
  const rows = () => page.locator("table.sources tbody tr:visible").count();
  const all = await rows();
  await page.getByLabel("Only rows with").fill("renn");
  assert.ok((await rows()) >= 1 && (await rows()) < all);
  await page.getByText(`${await rows()} of ${all}`).waitFor();
  await page.goto(`${base}/desk/stories/${id}`);
  const line = await page.locator("article .c").first().evaluate((e) => getComputedStyle(e).borderBottomStyle);
  assert.equal(line, "solid");
  await shot(page, "high-contrast");
  await close(page);
});

test("on paper there are numbered notes instead of cards", async () => {
  const page = await open();
  const id = (await examples(page))("insiders");
  await page.goto(`${base}/desk/stories/${id}`);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".cards").first().isVisible(), false);
  assert.equal(await page.locator(".top").isVisible(), false);
  assert.equal(await page.locator(".endnotes li").count(), await page.locator(".card").count());
  assert.ok(await page.locator(".endnotes").isVisible());
  await shot(page, "print");
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 20_000);
  await close(page);
});

test("without script everything works: reading, adding several, comparing, switching marks", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(`${base}/add`);
  await page.getByLabel("Files").setInputFiles(["ferry-inquiry.md", "choir-interview.md", "night-market.html"].map((n) => join(root, "examples", n)));
  await page.getByRole("button", { name: "Read" }).click();
  await page.getByRole("heading", { name: "3 stories read" }).waitFor();
  await page.getByRole("link", { name: /Ferry captain/ }).click();
  await page.waitForURL("**/desk/stories/*");
  const colour = () => page.locator("article .s").first().evaluate((e) => getComputedStyle(e).color);
  const marked = await colour();
  await page.getByLabel("source", { exact: true }).uncheck();
  assert.notEqual(await colour(), marked);
  await page.locator(".ref").first().click();
  assert.ok(page.url().endsWith("#a1"));
  await page.getByRole("link", { name: "Sources" }).click();
  await page.getByRole("link", { name: "Statements" }).click();
  assert.equal(await page.locator("th[aria-sort=descending]").count(), 1);
  await shot(page, "no-script");
  await close(page);
});

test("a story is kept, found again, and removed", async () => {
  const page = await open();
  const id = (await examples(page))("lido");
  await page.goto(`${base}/desk/stories/${id}`);
  await page.getByRole("button", { name: "Keep in news.sayso" }).click();
  await page.waitForURL(`${base}/stories/*`);
  await page.goto(`${base}/`);
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.locator("tbody a").first().click();
  await page.getByText("Remove this story").click();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.waitForURL(`${base}/`);
  await page.getByText("Nothing is here yet").waitFor();
  await close(page);
});

test("a hostile story is text and nothing else", async () => {
  const page = await open();
  const text = `</title><script>alert(1)</script> <img src=x onerror=alert(2)>

"<svg onload=alert(3)>" said Ida <b onmouseover=alert(4)>Moss</b>, of <a href="javascript:alert(5)">Vellmar</a>, on Monday.

{{constructor.constructor('alert(6)')()}} \u202E\u2066 "It is shut," she said.`;
  await page.goto(`${base}/add`);
  await page.getByLabel("Text of a story").fill(text);
  await page.getByText("What is known of the story").click();
  await page.getByLabel("Outlet").fill(`"><script>alert(7)</script>`);
  await page.getByRole("button", { name: "Read" }).click();
  await page.waitForURL("**/desk/stories/*");
  const url = page.url();
  for (const end of ["", "/sources", "/chain", "/explain/a1"]) {
    await page.goto(url + end);
    assert.equal(await page.locator("main script, main img, main svg, main a[href^='javascript' i], main [onload], main b").count(), 0, end);
    await page.locator("main a").first().hover();
  }
  await page.goto(url);
  await page.getByText("<img src=x onerror=alert(2)>").first().waitFor();
  await shot(page, "hostile");
  // 200 KB in one paragraph
  const sentence = `"It is shut," said Ida Moss of Vellmar. The ferry did not sail that day, and nobody on the quay could say why. `;
  await page.goto(`${base}/add`);
  await page.getByLabel("Files").setInputFiles({ name: "long.txt", mimeType: "text/plain", buffer: Buffer.from(sentence.repeat(1 + 204_800 / sentence.length)) });
  await page.getByRole("button", { name: "Read" }).click();
  await page.waitForURL("**/desk/stories/*", { timeout: 120_000 });
  const t0 = Date.now();
  await page.reload();
  await page.locator(".ref").first().waitFor();
  assert.ok((await page.locator(".ref").count()) > 500, `${await page.locator(".ref").count()} statements`);
  console.log(`200 KB in one paragraph: laid out in ${Date.now() - t0} ms, ${await page.locator(".ref").count()} statements`);
  await close(page);
});
