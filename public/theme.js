// Sets the chosen theme before the first paint. A file of its own: the page allows no inline script.
(function () {
  try {
    var theme = localStorage.getItem('tapmark:theme');
    if (theme === 'light' || theme === 'dark' || theme === 'sun') {
      document.documentElement.dataset.theme = theme;
    }
  } catch {
    // No storage: the theme follows the system, and the app says what is the matter.
  }
})();
