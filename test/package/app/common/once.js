// in Node both ways lead to the same file, so that there is one memory, and errors are known by their class
import('stridewise').then(({ ShapeError }) => console.log(require('stridewise').ShapeError === ShapeError));
