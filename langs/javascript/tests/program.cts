// The same from CommonJS.
import asteriskjs = require("asteriskjs");

const asterisk = new asteriskjs.AsteriskJs({ apiUrl: "http://localhost:8088/ari" });
asterisk.asterisk.ping().then((pong) => console.log(pong.timestamp.length));
