// The build of the page: Vite takes the imports of specs from the plugin of Heddle,
// and addresses in what is built are relative, so that any folder of a host serves it.
import heddle from 'heddle/vite';

export default { plugins: [heddle()], build: { target: 'es2022' }, base: './' };
