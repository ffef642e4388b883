import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { InsecureScreen } from './app/insecure-screen.tsx';
import { startApp } from './app/start.tsx';
import './ui/theme.css';
import './ui/base.css';
import './ui/not-started.css';

const container = document.getElementById('app');
if (container === null) throw new Error('the page has no #app');

// Outside a secure context there is no worker, no lock and no hash: nothing could be kept or sent safely.
createRoot(container).render(<StrictMode>{isSecureContext ? startApp() : <InsecureScreen />}</StrictMode>);
