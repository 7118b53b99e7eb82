import { serve } from './serve.js';

const { url } = await serve(Number(process.env.PORT ?? 8787));
console.log(`Edges of a picture: curl --data-binary @picture.png ${url} --output edges.png`);
