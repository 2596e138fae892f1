/* The pages under /agent: sign-in by a link, decisions on promotions, orders for new ones. What comes from the
   server goes into the page as text only. */
(() => {
"use strict";
const told = document.getElementById("told");
const write = document.getElementById("write");
const signIn = document.getElementById("sign-in");

async function send(path, body) {
	let response;
	try {
		response = await fetch(`/agent/api/${path}`, {
			method: "POST",
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(body),
		});
	} catch {
		return { error: { code: "offline", detail: "The shop could not be reached. Try again." } };
	}
	const answer = await response.json().catch(() => ({}));
	if (response.ok || answer.error) return answer;
	return { error: { code: "broken", detail: `The shop answered with status ${response.status}.` } };
}

/* A sentence, a list of findings, and a button to go on all the same, where there are such. */
function showProblem(place, error, goOn) {
	place.replaceChildren();
	const sentence = document.createElement("p");
	sentence.textContent = error.findings ? "The check finds:" : error.detail;
	place.append(sentence);
	if (error.findings) {
		const list = document.createElement("ul");
		for (const finding of error.findings) {
			const item = document.createElement("li");
			item.textContent = finding;
			list.append(item);
		}
		const button = document.createElement("button");
		button.type = "button";
		button.className = "second danger";
		button.textContent = "Let it pass anyway";
		button.addEventListener("click", goOn);
		place.append(list, button);
	}
	place.hidden = false;
	place.focus();
}

function toggle(id, isOpen) {
	const panel = document.getElementById(id);
	panel.hidden = !isOpen;
	const opener = document.querySelector(`[aria-controls="${id}"]`);
	opener.setAttribute("aria-expanded", String(isOpen));
	// While a text is being changed, nobody should approve the old one by mistake.
	const approve = panel.closest(".decide")?.querySelector('button[data-decide="approved"]');
	if (approve) approve.disabled = isOpen;
	if (isOpen) panel.querySelector("select, input, textarea").focus();
	else opener.focus();
}

async function busy(area, work) {
	const buttons = [...area.querySelectorAll("button:enabled")];
	for (const button of buttons) button.disabled = true;
	area.setAttribute("aria-busy", "true");
	try {
		await work();
	} finally {
		area.removeAttribute("aria-busy");
		for (const button of buttons) button.disabled = false;
	}
}

function leave(candidate, sentence) {
	const next = candidate.nextElementSibling ?? candidate.previousElementSibling;
	for (const [list, change] of [["waiting", -1], ["decided", 1]]) {
		const count = document.getElementById(`${list}-count`);
		count.textContent = String(Math.max(0, Number(count.textContent) + change));
	}
	candidate.remove();
	told.textContent = sentence;
	const heading = next?.classList.contains("candidate") ? next.querySelector("h2") : null;
	(heading ?? told).focus();
	if (!document.querySelector(".candidate")) location.reload();
}

async function decide(candidate, decision, fields) {
	const problem = candidate.querySelector(".problem");
	await busy(candidate, async () => {
		problem.hidden = true;
		const answer = await send(`promotions/${candidate.dataset.id}/decision`, { decision, ...fields });
		if (answer.error) {
			showProblem(problem, answer.error, () => decide(candidate, decision, { ...fields, anyway: true }));
		} else {
			leave(candidate, `Promotion ${answer.id} is ${answer.decision}.`);
		}
	});
}

function listen(candidate) {
	candidate.querySelector('button[data-decide="approved"]')?.addEventListener("click", () => {
		decide(candidate, "approved", {});
	});
	for (const form of candidate.querySelectorAll("form[data-decide]")) {
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			decide(candidate, form.dataset.decide, Object.fromEntries(new FormData(form)));
		});
	}
}

async function order(event) {
	event.preventDefault();
	const problem = write.querySelector(".problem");
	const fields = Object.fromEntries([...new FormData(write)].filter(([, value]) => value !== ""));
	const button = write.querySelector(".primary");
	await busy(write, async () => {
		problem.hidden = true;
		button.textContent = "Writing…";
		const answer = await send("promotions", { ...fields, count: Number(fields.count) });
		button.textContent = "Write";
		if (answer.error) showProblem(problem, answer.error);
		else if (answer.waiting) location.assign(`/agent?after=${Math.min(...answer.ids) - 1}`);
		else location.assign("/agent?tab=refused");
	});
}

async function enter() {
	const token = location.hash.slice(1);
	history.replaceState(null, "", location.pathname);
	if (!token) {
		signIn.textContent = "This page needs a whole link. The command storekeep agent-link prints one.";
		return;
	}
	const answer = await send("sign-in", { token });
	if (answer.error) signIn.textContent = answer.error.detail;
	else location.replace("/agent");
}

if (signIn) enter();
document.getElementById("sign-out")?.addEventListener("click", async () => {
	await send("sign-out", {});
	location.assign("/agent");
});
document.getElementById("write-open")?.addEventListener("click", () => toggle("write", write.hidden));
write?.addEventListener("submit", order);
for (const button of document.querySelectorAll("[data-open]")) {
	button.addEventListener("click", () => {
		const wasHidden = document.getElementById(button.dataset.open).hidden;
		for (const form of button.closest(".decide").querySelectorAll("form")) {
			if (!form.hidden) toggle(form.id, false);
		}
		toggle(button.dataset.open, wasHidden);
	});
}
for (const button of document.querySelectorAll("[data-close]")) {
	button.addEventListener("click", () => toggle(button.dataset.close, false));
}
document.addEventListener("keydown", (event) => {
	const form = event.key === "Escape" ? event.target.closest("form[id]") : null;
	if (form) toggle(form.id, false);
});
for (const candidate of document.querySelectorAll(".candidate")) listen(candidate);
})();
