// Runs in the page: looks at what stands on it as a person with weak eyes, large fingers or a small screen would, and tells what
// is wrong. Answers sentences; an empty list is a good page.

(() => {
  const targetPx = 44;
  const textRatio = 4.5;
  const amountRatio = 7;

  function isShown(element) {
    if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0;
  }

  function nameOf(element) {
    const words = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
    return `${element.tagName.toLowerCase()} "${words.slice(0, 40)}"`;
  }

  // A covered or scrolled-away element is looked at when it is in sight.
  function isInSight(element) {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (element.contains(hit) || hit.contains(element));
  }

  function sideways() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) return [`the page is ${scrollWidth} px wide in a window of ${clientWidth}`];
    const out = [...document.querySelectorAll('button, input, select, h1, h2, output, [role]')].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return isShown(element) && !element.closest('.unseen') && (left < -1 || right > clientWidth + 1);
    });
    return out.map((element) => `${nameOf(element)} stands out of the window`);
  }

  function targets() {
    const controls = [
      ...document.querySelectorAll('button, input:not(.unseen), select, a[href], label:has(input.unseen)'),
    ];
    return controls
      .filter((control) => isShown(control) && isInSight(control))
      .flatMap((control) => {
        const { width, height } = control.getBoundingClientRect();
        const small = width < targetPx - 0.5 || height < targetPx - 0.5;
        return small ? [`${nameOf(control)} is ${Math.round(width)} × ${Math.round(height)} px`] : [];
      });
  }

  function clipped() {
    return [...document.querySelectorAll('button, h1, h2, h3, p, dt, dd, output, label, strong, .figure, .badge')]
      .filter((element) => isShown(element) && !element.closest('.unseen'))
      .filter((element) => {
        const { overflowX, display } = getComputedStyle(element);
        if (display === 'inline') return false;
        return element.scrollWidth > element.clientWidth + 1 && overflowX !== 'auto' && overflowX !== 'scroll';
      })
      .map((element) => `${nameOf(element)} does not fit: ${element.scrollWidth} in ${element.clientWidth} px`);
  }

  function colourOf(text) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return { red, green, blue, alpha };
  }

  function over(top, bottom, alpha) {
    const mix = (part) => top[part] * alpha + bottom[part] * (1 - alpha);
    return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
  }

  /** What is painted behind an element's text: the backgrounds of its ancestors, from the page inwards. */
  function backdrop(element) {
    const line = [];
    for (let at = element; at !== null; at = at.parentElement) line.unshift(at);
    return line.reduce(
      (below, at) => {
        const paint = colourOf(getComputedStyle(at).backgroundColor);
        return over(paint, below, paint.alpha);
      },
      { red: 255, green: 255, blue: 255, alpha: 1 },
    );
  }

  // An element's opacity fades its text into what is behind it; its own background fades with it, which this passes over.
  function opacityOf(element) {
    let opacity = 1;
    for (let at = element; at !== null; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    return opacity;
  }

  function luminance({ red, green, blue }) {
    const [r, g, b] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  /** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
  function contrast(element) {
    const behind = backdrop(element);
    const ink = colourOf(getComputedStyle(element).color);
    const [bright, dark] = [luminance(over(ink, behind, ink.alpha * opacityOf(element))), luminance(behind)].sort(
      (a, b) => b - a,
    );
    return (bright + 0.05) / (dark + 0.05);
  }

  function paleText() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Map();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent.trim();
      const element = node.parentElement;
      if (text === '' || element === null || !isShown(element) || element.closest('.unseen, :disabled')) continue;
      const needed = /^-?¥[\d.]+$/.test(text) ? amountRatio : textRatio;
      const ratio = contrast(element);
      if (ratio < needed)
        found.set(`"${text.slice(0, 40)}" has a contrast of ${ratio.toFixed(1)}, needs ${needed}`, true);
    }
    return [...found.keys()];
  }

  /** How the focused element shows that it is focused. */
  function focusShown() {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    // A label that shows for its hidden field is what the eye sees.
    const seen = element.closest('label:has(input.unseen)') ?? element;
    const { outlineStyle, outlineWidth } = getComputedStyle(seen);
    return {
      name: nameOf(element),
      isShown: outlineStyle !== 'none' && Number(outlineWidth.replace('px', '')) >= 2,
      isInSight: isInSight(seen),
    };
  }

  // What became of the money is the one thing that nobody may have to scroll for.
  function hiddenOutcome() {
    const words = [...document.querySelectorAll('[data-phase] h2, [data-phase] .sheet-amount')];
    const behindDialog = document.querySelector('dialog[open]') !== null;
    return words
      .filter((element) => !behindDialog && !isInSight(element))
      .map((element) => `${nameOf(element)} is out of sight`);
  }

  globalThis.tillwayEyes = {
    look: () => [...hiddenOutcome(), ...sideways(), ...targets(), ...clipped(), ...paleText()],
    focusShown,
  };
})();
