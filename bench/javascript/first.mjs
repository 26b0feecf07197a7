/** One GET /asterisk/info with the named library: node first.mjs LIBRARY URL USER PASSWORD */

const [library, url, username, password] = process.argv.slice(2);

const programs = {
  async bare() {
    const { default: http } = await import("node:http");
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    const agent = new http.Agent({ keepAlive: true });
    const text = await new Promise((resolve, reject) => {
      const request = http.get(`${url}/asterisk/info`, { agent, headers: { authorization } });
      request.on("error", reject).on("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve(Buffer.concat(chunks).toString()));
      });
    });
    agent.destroy();
    return JSON.parse(text);
  },
  async asteriskjs() {
    const { AsteriskJs } = await import("asteriskjs");
    const asterisk = new AsteriskJs({ apiUrl: url, username, password });
    const info = await asterisk.getInfo();
    asterisk.close();
    return info;
  },
  async "ari-client"() {
    const { default: ari } = await import("ari-client");
    const client = await ari.connect(new URL(url).origin, username, password);
    return client.asterisk.getInfo();
  },
  async "@ipcom/asterisk-ari"() {
    const { AriClient } = await import("@ipcom/asterisk-ari");
    const { hostname: host, port } = new URL(url);
    return new AriClient({ host, port: Number(port), username, password }).asterisk.get();
  },
};

const info = await programs[library]();
if (!info.system.version) throw new Error("no answer");
// Those that keep connections open would wait for their end.
process.exit();
