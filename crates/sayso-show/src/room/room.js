// Comfort only: every page works without this.
"use strict";
document.documentElement.classList.add("has-script");

// Cards keep beside their paragraphs without pushing the text apart: each stands as high as it can.
const story = document.querySelector("article.story");
if (story && !story.classList.contains("long") && story.querySelector(".cards")) {
  const wide = matchMedia("(min-width: 62rem)");
  const lay = () => {
    story.classList.toggle("flow", wide.matches);
    story.style.minHeight = "";
    let free = 0;
    const places = [];
    for (const cards of story.querySelectorAll(".cards")) {
      cards.style.top = "";
      if (!wide.matches) continue;
      const top = Math.max(cards.parentElement.offsetTop, free);
      places.push([cards, top]);
      free = top + cards.offsetHeight + 8;
    }
    for (const [cards, top] of places) cards.style.top = `${top}px`;
    if (wide.matches) story.style.minHeight = `${free}px`;
  };
  lay();
  addEventListener("resize", lay);
  wide.addEventListener("change", lay);
  if (document.fonts) document.fonts.ready.then(lay);
  // the page may have been opened at a card or at a place in the text: both have just moved
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
}

// A card and its place in the text show that they belong together.
if (story) {
  const other = (e) => {
    const ref = e.target.closest?.(".ref");
    return ref ? document.getElementById(ref.id.slice(2)) : null;
  };
  for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    story.addEventListener(on, (e) => other(e)?.classList.add("lit"));
    story.addEventListener(off, (e) => other(e)?.classList.remove("lit"));
  }
  // from the text to the card and back to the same place
  story.addEventListener("click", (e) => {
    const link = e.target.closest("a.ref, a.who");
    if (!link) return;
    const goal = document.getElementById(link.hash.slice(1));
    if (!goal) return;
    e.preventDefault();
    history.pushState(null, "", link.hash);
    goal.scrollIntoView({ block: "center" });
    const focus = goal.matches("a") ? goal : goal.querySelector("a.who");
    focus?.focus({ preventScroll: true });
  });
}

// Long tables of sources get a field that leaves the rows in which some words stand.
for (const table of document.querySelectorAll("table.sources")) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < 8) continue;
  const box = document.createElement("p");
  box.className = "filter";
  const label = document.createElement("label");
  label.textContent = "Only rows with";
  label.htmlFor = "rows";
  const field = document.createElement("input");
  field.id = "rows";
  field.type = "search";
  field.autocomplete = "off";
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  count.className = "quiet";
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(words);
    count.textContent = words ? `${rows.filter((r) => !r.hidden).length} of ${rows.length}` : "";
  });
  box.append(label, field, count);
  table.parentElement.before(box);
}

// Files: dropped anywhere on the page, sent one after the other, so that there is something to see.
const form = document.getElementById("add");
if (form) {
  const files = form.querySelector("#files");
  const drop = document.getElementById("drop");
  const progress = document.getElementById("progress");
  const over = (e, on) => {
    if (!e.dataTransfer?.types.includes("Files")) return;
    e.preventDefault();
    drop.classList.toggle("over", on);
  };
  addEventListener("dragover", (e) => over(e, true));
  addEventListener("dragleave", (e) => { if (!e.relatedTarget) over(e, false); });
  addEventListener("drop", (e) => {
    over(e, false);
    if (!e.dataTransfer?.files.length) return;
    e.preventDefault();
    files.files = e.dataTransfer.files;
    send();
  });
  form.addEventListener("submit", (e) => {
    if (files.files.length < 2) {
      // one story: the page that comes next is the answer
      progress.textContent = "Reading …";
      return;
    }
    e.preventDefault();
    send();
  });

  const part = () => {
    const data = new FormData();
    for (const name of ["token", "outlet", "published", "keep"]) data.append(name, new FormData(form).get(name) ?? "");
    return data;
  };
  const send = async () => {
    const list = [...files.files];
    const text = form.querySelector("#text").value.trim();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    const bar = document.createElement("progress");
    bar.max = list.length + (text ? 1 : 0);
    bar.value = 0;
    bar.setAttribute("aria-label", "Stories read");
    const line = document.createElement("p");
    const failures = document.createElement("ul");
    progress.replaceChildren(line, bar, failures);
    const read = [];
    const keep = new FormData(form).get("keep") === "yes";
    const one = async (name, fill) => {
      line.textContent = `Reading ${name}, ${bar.value + 1} of ${bar.max}`;
      const data = part();
      fill(data);
      try {
        const answer = await fetch("/add.json", { method: "POST", body: data, headers: { accept: "application/json" } });
        const said = await answer.json();
        if (!answer.ok) throw new Error(said.error?.message ?? answer.statusText);
        for (const item of said.items) {
          if (item.story) read.push(item.story);
          else throw new Error(item.why);
        }
      } catch (e) {
        const li = document.createElement("li");
        li.textContent = `${name}: ${e.message}`;
        failures.append(li);
      }
      bar.value += 1;
    };
    if (text) await one("the pasted text", (d) => d.append("text", text));
    for (const file of list) await one(file.name, (d) => d.append("files", file));
    button.disabled = false;
    const prefix = keep ? "" : "/desk";
    const goal = read.length === 1 ? `${prefix}/stories/${read[0]}` : `${prefix}/origins?${[...new Set(read)].map((s) => `story=${s}`).join("&")}`;
    if (read.length && !failures.children.length) {
      location.assign(goal);
      return;
    }
    line.textContent = `${read.length} read, ${failures.children.length} could not be read.`;
    if (read.length) {
      const link = document.createElement("a");
      link.href = goal;
      link.textContent = "See what was read";
      progress.append(link);
    }
  };
}
