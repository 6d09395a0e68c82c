// `heddle/client`: lets imports of specs pass until their types have been written beside them, which the plugin does when it first runs.
// For the `types` of a tsconfig: declarations that are beside a spec then go before this one.
declare module '*?heddle';
