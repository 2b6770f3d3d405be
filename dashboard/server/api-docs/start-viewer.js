/* global SwaggerUIBundle */

// validatorUrl: the viewer would otherwise send the address of the description to somebody else's server.
SwaggerUIBundle({
  url: '../v1/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  validatorUrl: null,
});
