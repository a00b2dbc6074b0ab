import { render } from 'preact';
import { App } from './app.tsx';
import { followRecent } from './state/recent.ts';
import { followProgram, watchLinks } from './state/store.ts';
import './styles/base.css';
import './styles/names.css';
import './styles/views.css';
import './styles/print.css';

watchLinks();
followProgram();
followRecent();
render(<App />, document.getElementById('app')!);

// A copy of the site stays with the browser. Without one (an old browser, a page from a file) all else works the same.
if (import.meta.env.PROD && 'serviceWorker' in navigator)
  addEventListener('load', () => void navigator.serviceWorker.register('./offline.js').catch(() => undefined));
