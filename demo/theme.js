/** The theme that the visitor chose, before anything is painted; this text stands in the page itself. */
try {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
} catch {
  // A page without storage goes by the system.
}
