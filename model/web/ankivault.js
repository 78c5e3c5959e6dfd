// Ankivault's renderer, revision 2: to be raised with every change that is released.
//
// Shows one card of a dynamic note: its front, or its front and answer, from the field `Data`.
//
// A template holds the card's id, `Data` as JSON, and this script, which each page runs anew for
// every card and side it shows. So nothing here outlives a run: no globals, and no listeners but
// on elements that go with the card. Pages differ in when they run a card's scripts; all of them
// (desktop, AnkiDroid, AnkiMobile, AnkiWeb) have the card's elements in the document by then.
//
// A card is text, and shows the same everywhere: nothing in it runs (see `clean`).

(() => {
    "use strict";

    const HAS_SCHEME = /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i;
    const LINKABLE = /^(?:https?|obsidian|zotero|file):\S+$/i;
    const VIDEO = /\.(?:mp4|m4v|webm|ogv|mov|mkv|avi|mpe?g)$/i;
    const MATHS = /\\\([\s\S]*?\\\)|\\\[[\s\S]*?\\\]/;
    const SOURCES = [
        ["img, audio, video, source", "src"],
        ["video", "poster"],
    ];
    const NO_MATHS = "pre, code, textarea, script, style, mjx-container";
    // When to look for formulas that the page left out: soon where it tells nothing of itself, and
    // after more time than a page takes from running this script to typesetting the card.
    const SOON = 100; // milliseconds
    const LATE = 1500;
    const ICON =
        '<svg viewBox="0 0 24 24" aria-hidden="true">' +
        '<path class="ankivault-play" d="M8.5 5.6v12.8L18.7 12z"/>' +
        '<path class="ankivault-pause" d="M7.5 6h3v12h-3zM13.5 6h3v12h-3z"/></svg>';

    class Unreadable extends Error {}

    // @include clean.js

    // What `Data` holds: the card, and the names that the cards' files have there.
    function readData() {
        const id = document.getElementById("ankivault-id").textContent.trim();
        let data = {};
        try {
            data = JSON.parse(document.getElementById("ankivault-data").textContent);
        } catch (error) {
            // told below
        }
        if (!data || !Array.isArray(data.cards)) {
            throw new Unreadable(
                "This note’s content cannot be read: its field “Data” is damaged. Undo the last " +
                    "change to the note, or mend it on the computer: press E here, then Save.",
            );
        }
        const card = data.cards.find((one) => one && String(one.id).trim() === id);
        if (!card) {
            throw new Unreadable(
                `This note holds no card called “${id}”. Where a field was changed by hand, mend ` +
                    "the note on the computer: press E here, then Save. The card may also have " +
                    "been removed on another device: sync, and delete it if this message stays.",
            );
        }
        return { card, renamed: findRenamed(Array.isArray(data.media) ? data.media : []) };
    }

    // Anki renames files when a shared deck brings others of the same name. It finds their names
    // in the field `Media`, and not in `Data`; both name them in the same order.
    function findRenamed(before) {
        const media = document.getElementById("ankivault-media");
        const holder = document.createElement("template");
        holder.innerHTML = media ? media.textContent : "";
        const now = Array.from(holder.content.querySelectorAll("[src]"), (element) =>
            fileOf(element.getAttribute("src")),
        );
        const renamed = new Map();
        if (now.length === before.length) {
            before.forEach((name, i) => renamed.set(fileOf(name), now[i]));
        }
        return renamed;
    }

    // Anki makes pictures of LaTeX when it renders a field, which `Data` is not for it. Formulas
    // go to MathJax instead; whole documents are shown as they are written.
    function replaceLatex(html) {
        return html
            .replace(/\[\$\]([\s\S]+?)\[\/\$\]/g, (_, tex) => `\\(${tex}\\)`)
            .replace(/\[\$\$\]([\s\S]+?)\[\/\$\$\]/g, (_, tex) => `\\[${tex}\\]`)
            .replace(/\[latex\]([\s\S]+?)\[\/latex\]/g, (_, tex) => `<pre>${tex}</pre>`);
    }

    // In tags, Anki takes a file's name for an address that may lack escapes: `a b#1.png`,
    // `a%20b.png`.
    function fileOf(source) {
        return String(source).replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
            try {
                return decodeURIComponent(escapes);
            } catch (error) {
                return escapes;
            }
        });
    }

    function addressOf(file) {
        return encodeURIComponent(file).replace(/%2F/g, "/").replace(/^\/+/, "");
    }

    function parse(html, renamed) {
        const content = clean(replaceLatex(String(html || "")));
        for (const [tags, attribute] of SOURCES) {
            for (const element of content.querySelectorAll(tags)) {
                const source = element.getAttribute(attribute);
                if (source && !HAS_SCHEME.test(source)) {
                    const file = fileOf(source);
                    element.setAttribute(attribute, addressOf(renamed.get(file) || file));
                }
            }
        }
        return content;
    }

    function textNodes(root) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const nodes = [];
        while (walker.nextNode()) {
            nodes.push(walker.currentNode);
        }
        return nodes;
    }

    // One side of the card, with a player in the place of each `[sound:…]`.
    function makeSide(name, html, renamed, makePlayer) {
        const side = document.createElement("div");
        side.className = `ankivault-${name}`;
        side.dir = "auto";
        side.append(parse(html, renamed));
        for (const node of textNodes(side)) {
            const parts = node.data.split(/\[sound:(.+?)\]/);
            if (parts.length > 1) {
                const place = (part, i) => (i % 2 ? makePlayer(renamed.get(part) || part) : part);
                node.replaceWith(...parts.map(place));
            }
        }
        return side;
    }

    // In Anki's window, with the add-on, the root tells how to ask Anki for each sound.
    function commandsOf(root) {
        const known = typeof window.pycmd === "function" && root.dataset.sounds;
        return new Map(known ? Object.entries(JSON.parse(known)) : []);
    }

    function makeButton(name) {
        const button = document.createElement("button");
        button.type = "button";
        // AnkiDroid takes a tap elsewhere as an answer.
        button.className = "ankivault-button tappable";
        button.innerHTML = ICON;
        label(button, `Play ${name}`);
        return button;
    }

    function label(button, text) {
        button.title = text;
        button.setAttribute("aria-label", text);
    }

    function makeAnkisPlayer(name, command) {
        const button = makeButton(name);
        button.addEventListener("click", () => window.pycmd(command));
        return button;
    }

    // A player of the page itself.
    function makePlayer(name) {
        const player = document.createElement(VIDEO.test(name) ? "video" : "audio");
        player.src = addressOf(name);
        player.preload = "metadata";
        player.className = "ankivault-sound";
        const shown = player.tagName === "VIDEO" ? player : makeAudioButton(name, player);
        player.addEventListener("error", () => {
            const missing = document.createElement("span");
            missing.className = "ankivault-missing";
            missing.textContent = `${name} is missing, or cannot be played here`;
            shown.replaceWith(missing);
        });
        if (shown === player) {
            player.controls = true;
            player.setAttribute("playsinline", "");
        }
        return shown;
    }

    function makeAudioButton(name, player) {
        const button = makeButton(name);
        const follow = () => {
            button.classList.toggle("ankivault-playing", !player.paused);
            label(button, `${player.paused ? "Play" : "Pause"} ${name}`);
        };
        for (const event of ["play", "pause", "ended"]) {
            player.addEventListener(event, follow);
        }
        button.addEventListener("click", () => (player.paused ? play(player) : player.pause()));
        button.append(player);
        return button;
    }

    // Plays one sound at a time. The promise tells whether it was heard to its end: a page that
    // must not play by itself refuses, and a card that goes takes its sounds with it.
    async function play(player) {
        for (const other of document.querySelectorAll(".ankivault audio, .ankivault video")) {
            if (other !== player) {
                other.pause();
            }
        }
        try {
            await player.play();
        } catch (refused) {
            return false;
        }
        return new Promise((resolve) => {
            for (const event of ["ended", "pause", "error"]) {
                player.addEventListener(event, () => resolve(player.ended), { once: true });
            }
        });
    }

    // The sounds of the side that is new to the reader, one after the other.
    async function playAll(side) {
        for (const player of side.querySelectorAll(".ankivault-sound")) {
            if (!(await play(player))) {
                return;
            }
        }
    }

    // Pages typeset a card after its scripts have run. What is left over when the page has shown
    // the card came too late for it, and is typeset here.
    function typesetLeftovers(root) {
        const typesetter = window.MathJax;
        if (!root.isConnected || !typesetter || !typesetter.typesetPromise) {
            return undefined;
        }
        const text = textNodes(root)
            .filter((node) => !node.parentElement.closest(NO_MATHS))
            .map((node) => node.data);
        return MATHS.test(text.join("")) ? typesetter.typesetPromise([root]) : undefined;
    }

    // An address in the field `Link` becomes a link.
    function makeLink() {
        const place = document.querySelector(".ankivault-link");
        const address = place && !place.firstElementChild ? place.textContent.trim() : "";
        if (!LINKABLE.test(address)) {
            return;
        }
        const link = document.createElement("a");
        link.href = address;
        link.textContent = address.replace(/^https?:\/\/(?:www\.)?|\/$/g, "");
        place.textContent = "";
        place.append(link);
    }

    // The note's own text and its link. In Anki's window, the add-on hands them over as text;
    // elsewhere they are in the page already, put there by the program.
    function showMore(root) {
        const source = document.getElementById("ankivault-more");
        if (source && source.textContent.trim()) {
            const more = document.createElement("div");
            more.append(clean(source.textContent.replace(/<\\(?=\/?script)/gi, "<")));
            root.after(...more.childNodes);
            return;
        }
        for (const part of document.querySelectorAll(".ankivault-note, .ankivault-link")) {
            if (!part.querySelector(".replay-button, .soundLink")) {
                const shown = clean(part.innerHTML);
                part.textContent = "";
                part.append(shown);
            }
        }
    }

    // For what comes after this script in a page that is still being read.
    function whenRead(act) {
        if (document.readyState === "loading") {
            document.addEventListener("DOMContentLoaded", act, { once: true });
        } else {
            act();
        }
    }

    // A formula may become a link after the card was cleaned.
    function refuseScripts(event) {
        const link = event.target.closest && event.target.closest("a, [href]");
        const address = link && (link.getAttribute("href") || link.getAttribute("xlink:href"));
        if (address && /^(?:javascript|vbscript|data):/i.test(address.replace(/[\0- ]/g, ""))) {
            event.preventDefault();
            event.stopPropagation();
        }
    }

    function showMessage(root, text) {
        const message = document.createElement("p");
        message.className = "ankivault-message";
        message.textContent = text;
        root.textContent = "";
        root.append(message);
    }

    function show(root) {
        const { card, renamed } = readData();
        const onBack = root.dataset.side === "back";
        const commands = commandsOf(root);
        const makeAnyPlayer = (name) =>
            commands.has(name) ? makeAnkisPlayer(name, commands.get(name)) : makePlayer(name);
        const sides = [makeSide("front", card.front, renamed, makeAnyPlayer)];
        if (onBack) {
            const line = document.createElement("hr");
            line.id = "answer"; // where pages scroll to
            sides.push(line, makeSide("answer", card.back, renamed, makeAnyPlayer));
            whenRead(() => {
                showMore(root);
                makeLink();
            });
        }
        root.textContent = "";
        root.append(...sides);
        root.addEventListener("click", refuseScripts, true);
        root.addEventListener("auxclick", refuseScripts, true);
        playAll(sides[sides.length - 1]);
        if (!onBack) {
            for (const picture of parse(card.back, renamed).querySelectorAll("img[src]")) {
                new Image().src = picture.getAttribute("src");
            }
        }
        const finish = () => typesetLeftovers(root);
        if (Array.isArray(window.onShownHook)) {
            window.onShownHook.push(finish);
        } else {
            window.setTimeout(finish, SOON);
        }
        window.setTimeout(finish, LATE);
    }

    const root = document.getElementById("ankivault");
    if (root) {
        try {
            show(root);
        } catch (error) {
            showMessage(root, error instanceof Unreadable ? error.message : String(error));
        }
    }
})();
