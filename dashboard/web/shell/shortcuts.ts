import type { Page } from '../state/page-context.ts';

/** Elements that take letters themselves. */
const TYPING = 'input, select, textarea, dialog, [contenteditable]';

/** Listens for the page's keys; returns the undo. Letters can be switched off (WCAG 2.1.4), Escape cannot. */
export function startShortcuts({ navigation, view, preferences }: Page): () => void {
  const step = (offset: number) => {
    const bins = view.ordered.peek();
    const at = bins.findIndex(({ bin }) => bin.id === navigation.binId.peek());
    const next = bins[at < 0 ? 0 : at + offset];
    if (next) navigation.go({ binId: next.bin.id, readingId: null });
  };
  const closeDrawer = () => {
    const { binId, readingId } = navigation.state.peek();
    if (readingId !== null) navigation.go({ readingId: null });
    else if (binId !== null) navigation.go({ binId: null });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof Element && event.target.closest(TYPING) !== null;
    if (event.defaultPrevented || isTyping) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') return closeDrawer();
    if (!preferences.shortcuts.peek()) return;
    if (event.key === 'j') step(1);
    if (event.key === 'k') step(-1);
    if (event.key === '/') {
      event.preventDefault();
      document.querySelector<HTMLInputElement>('#search')?.focus();
    }
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}
