import { render } from 'preact';
import { App } from './app.tsx';
import { followProgram, watchLinks } from './state/store.ts';
import './styles/base.css';

watchLinks();
followProgram();
render(<App />, document.getElementById('app')!);
