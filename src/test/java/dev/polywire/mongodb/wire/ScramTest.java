package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.SaslExchange.NeedKeys;
import dev.polywire.mongodb.wire.SaslExchange.Verified;
import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SCRAM without commands: the examples of the RFCs and of MongoDB's specification, both sides. */
class ScramTest {

    private static final Vectors VECTORS = Vectors.read("mongo-scram.txt");
    private static final MongoCredential USER = new MongoCredential("user", "pencil", "admin");
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";

    static Stream<JsonObject> conversations() {
        return new JsonArray(String.join("\n", Vectors.lines("/data/scram-vectors.json")))
                .stream().map(JsonObject.class::cast);
    }

    private static ScramHash hash(JsonObject row) {
        return row.getString("hash").equals("sha1") ? ScramHash.SHA_1 : ScramHash.SHA_256;
    }

    private static String attribute(String message, int index) {
        return message.split(",")[index].substring(2);
    }

    /** What is hashed differs between the RFC and MongoDB; what follows from it does not. */
    @ParameterizedTest
    @MethodSource("conversations")
    void proofAndSignature(JsonObject row) {
        String serverFirst = row.getString("serverFirst");
        ScramKeys keys = new ScramDerivation(
                        hash(row),
                        row.getString("passwordFedToPbkdf2").getBytes(StandardCharsets.UTF_8),
                        Base64.getDecoder().decode(attribute(serverFirst, 1)),
                        Long.parseLong(attribute(serverFirst, 2)))
                .keys();
        String clientFinal = row.getString("clientFinal");
        int proof = clientFinal.indexOf(",p=");
        byte[] authMessage = (row.getString("clientFirst").substring(3) + "," + serverFirst + ","
                        + clientFinal.substring(0, proof))
                .getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                clientFinal.substring(proof + 3),
                Base64.getEncoder().encodeToString(keys.proof(hash(row), authMessage)));
        assertEquals(
                row.getString("serverFinal"),
                "v=" + Base64.getEncoder().encodeToString(keys.serverSignature(hash(row), authMessage)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfc7677-sha256", "mongodb-scram-sha-1"})
    void bothSides(String name) {
        JsonObject row = conversations()
                .filter(each -> each.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
        String serverFirst = row.getString("serverFirst");
        String clientNonce = row.getString("clientNonce");
        ScramUser stored = ScramUser.of(
                hash(row),
                USER,
                Base64.getDecoder().decode(attribute(serverFirst, 1)),
                Integer.parseInt(attribute(serverFirst, 2)));
        ScramServer server =
                new ScramServer(user -> stored, attribute(serverFirst, 0).substring(clientNonce.length()));
        ScramClient client = new ScramClient(hash(row), USER, clientNonce);
        assertEquals(row.getString("clientFirst"), client.first().toString());
        assertEquals(serverFirst, server.first(client.first()).toString());
        NeedKeys need = assertInstanceOf(NeedKeys.class, client.answered(Buffer.buffer(serverFirst)));
        Buffer last = client.computed(need.derivation().keys());
        assertEquals(row.getString("clientFinal"), last.toString());
        Buffer signature = server.last(last);
        assertEquals(row.getString("serverFinal"), signature.toString());
        assertInstanceOf(Verified.class, client.answered(signature));
    }

    @ParameterizedTest
    @CsvSource({
        "SHA_1, sha1_pwd, sha1_salted, sha1_skey, rQ9ZY3MntBeuP3E1TDVC4w==, 10000",
        "SHA_256, sha256_pwd, sha256_salted, , W22ZaJ0SNY7soEsUEjb6gQ==, 4096",
    })
    void stepsOfTheHash(ScramHash hash, String password, String salted, String serverKey, String salt, int iterations) {
        byte[] fed = hash.password(USER);
        assertArrayEquals(VECTORS.get(password).bytes().getBytes(), fed);
        byte[] all = hash.salted(fed, Base64.getDecoder().decode(salt), iterations);
        assertArrayEquals(VECTORS.get(salted).bytes().getBytes(), all);
        if (serverKey != null) {
            assertArrayEquals(
                    VECTORS.get(serverKey).bytes().getBytes(),
                    hash.hmac(all, "Server Key".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    /** By Python's hashlib.pbkdf2_hmac("sha256", b"", b"salt", 4096). */
    @Test
    void anEmptyPasswordIsAKey() {
        assertEquals(
                "ea25800b7cc40c98aa4f4ec410701524d18901c70cd8e1ee5650fd978ecbaa10",
                HexFormat.of()
                        .formatHex(ScramHash.SHA_256.salted(
                                new byte[0], "salt".getBytes(StandardCharsets.US_ASCII), 4_096)));
    }

    @Test
    void aNameIsEscapedAndNotPrepared() {
        ScramClient client = new ScramClient(ScramHash.SHA_256, new MongoCredential("a=b,c", "p", "admin"), "x");
        assertEquals(VECTORS.get("name_esc").bytes(), client.first());
        ScramClient wide = new ScramClient(ScramHash.SHA_256, new MongoCredential("\u2168", "p", "admin"), "x");
        assertEquals("n,,n=\u2168,r=x", wide.first().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "ä"})
    void aNonceIsPrintable(String nonce) {
        assertThrows(IllegalArgumentException.class, () -> new ScramClient(ScramHash.SHA_1, USER, nonce));
    }

    @Test
    void aNonceOfOursHas24Bytes() {
        Random random = new Random(1);
        String nonce = ScramHash.nonce(random);
        assertEquals(32, nonce.length());
        assertNotEquals(nonce, ScramHash.nonce(random));
        assertTrue(ScramAttributes.isNonce(nonce));
    }

    // ---- what a server may not say

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            r=NONCE+,s=SALT,i=4095          | SCRAM iterations: 4095 (expected: 4096 to 100000)
            r=NONCE+,s=SALT,i=1             | SCRAM iterations: 1 (expected: 4096 to 100000)
            r=NONCE+,s=SALT,i=100001        | SCRAM iterations: 100001 (expected: 4096 to 100000)
            r=NONCE+,s=SALT,i=2147483647    | SCRAM iterations: 2147483647 (expected: 4096 to 100000)
            r=NONCE+,s=SALT,i=9999999999    | SCRAM iterations: 9999999999 (expected: 4096 to 100000)
            r=NONCE+,s=SALT,i=10000000000   | server-first i=: no number (expected: a positive number)
            r=NONCE+,s=SALT,i=-4096         | server-first i=: no number (expected: a positive number)
            r=NONCE+,s=SALT,i=04096         | server-first i=: no number (expected: a positive number)
            r=NONCE+,s=SALT,i=              | server-first i=: empty (expected: a value)
            r=NONCE+,s=SALT                 | server-first i=: missing (expected: an attribute)
            r=NONCE+,s=?,i=4096             | server-first s=: not base64 (expected: base64)
            r=NONCE+,s=,i=4096              | server-first s=: empty (expected: a value)
            r=NONCE+,i=4096,s=SALT          | server-first s=: missing (expected: an attribute)
            r=NONCE,s=SALT,i=4096           | server-first r=: other than ours with more behind it (expected: both nonces)
            r=xNONCE,s=SALT,i=4096          | server-first r=: other than ours with more behind it (expected: both nonces)
            r=NONCE +,s=SALT,i=4096         | server-first r=: not printable (expected: printable ASCII)
            m=x,r=NONCE+,s=SALT,i=4096      | server-first r=: missing (expected: an attribute)
            e=other-error                   | server-first r=: missing (expected: an attribute)
            ''                              | server-first r=: missing (expected: an attribute)
            """)
    void refusedChallenge(String message, String complaint) {
        ScramClient client = new ScramClient(ScramHash.SHA_256, USER, NONCE);
        Buffer payload = Buffer.buffer(message.replace("NONCE", NONCE).replace("SALT", SALT));
        assertEquals(
                complaint,
                assertThrows(ProtocolException.class, () -> client.answered(payload))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"low_iter", "bad_nonce"})
    void refusedVector(String id) {
        ScramClient client = new ScramClient(ScramHash.SHA_256, USER, NONCE);
        assertThrows(
                ProtocolException.class, () -> client.answered(VECTORS.get(id).bytes()));
    }

    @Test
    void attributesBehindTheIterationsArePassedOver() {
        ScramClient client = new ScramClient(ScramHash.SHA_256, USER, NONCE);
        assertInstanceOf(
                NeedKeys.class, client.answered(Buffer.buffer("r=" + NONCE + "+,s=" + SALT + ",i=100000,x=y")));
    }

    @Test
    void aLongOrBinaryMessageIsRefused() {
        for (Buffer payload : new Buffer[] {Buffer.buffer("r=" + "a".repeat(4_096)), Buffer.buffer(new byte[] {-1})}) {
            ScramClient client = new ScramClient(ScramHash.SHA_256, USER, NONCE);
            assertThrows(ProtocolException.class, () -> client.answered(payload));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=  | server-final v=: wrong (expected: the signature of a server that knows the user)
            v=6rri                                          | server-final v=: wrong (expected: the signature of a server that knows the user)
            v=                                              | server-final v=: empty (expected: a value)
            e=invalid-proof                                 | server-final: an error (expected: a signature)
            x=y                                             | server-final v=: missing (expected: an attribute)
            ''                                              | server-final v=: missing (expected: an attribute)
            """)
    void refusedSignature(String message, String complaint) {
        ScramClient client = new ScramClient(ScramHash.SHA_256, USER, NONCE);
        NeedKeys need = assertInstanceOf(
                NeedKeys.class, client.answered(VECTORS.get("sha256_s1").bytes()));
        assertEquals(
                VECTORS.get("sha256_c2").bytes(),
                client.computed(need.derivation().keys()));
        assertEquals(
                complaint,
                assertThrows(ProtocolException.class, () -> client.answered(Buffer.buffer(message)))
                        .getMessage());
    }

    // ---- what a client may not say

    @ParameterizedTest
    @ValueSource(
            strings = {
                "y,,n=user,r=x",
                "p=tls-unique,,n=user,r=x",
                "n,a=other,n=user,r=x",
                "n,,n=us=er,r=x",
                "n,,n=user",
                "n,,n=other,r=x",
                "n=user,r=x",
                ""
            })
    void refusedClientFirst(String message) {
        ScramUser stored = ScramUser.of(ScramHash.SHA_1, USER, new byte[16], 1);
        ScramServer server = new ScramServer(user -> user.equals("user") ? stored : null, "y");
        assertThrows(ProtocolException.class, () -> server.first(Buffer.buffer(message)));
        assertThrows(ProtocolException.class, () -> server.last(Buffer.buffer("c=biws,r=xy,p=AAAA")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c=biws,r=xy,p=AAAA",
                "c=biws,r=xy,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "c=eSws,r=xy,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "c=biws,r=x,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "c=biws,r=xy"
            })
    void refusedProof(String message) {
        ScramUser stored = ScramUser.of(ScramHash.SHA_1, USER, new byte[16], 1);
        ScramServer server = new ScramServer(user -> stored, "y");
        assertEquals(
                "r=xy,s=AAAAAAAAAAAAAAAAAAAAAA==,i=1",
                server.first(Buffer.buffer("n,,n=user,r=x")).toString());
        assertThrows(ProtocolException.class, () -> server.last(Buffer.buffer(message)));
    }

    // ---- the cache

    @Test
    void keysAreRememberedByAllThatTheyDependOn() {
        ScramKeyCache cache = new ScramKeyCache(new byte[16]);
        byte[] password = {1, 2};
        ScramDerivation derivation = new ScramDerivation(ScramHash.SHA_256, password, new byte[] {3}, 4_096);
        assertNull(cache.get(derivation));
        ScramKeys keys = derivation.keys();
        cache.put(derivation, keys);
        assertEquals(keys, cache.get(new ScramDerivation(ScramHash.SHA_256, password, new byte[] {3}, 4_096)));
        assertNull(cache.get(new ScramDerivation(ScramHash.SHA_1, password, new byte[] {3}, 4_096)));
        assertNull(cache.get(new ScramDerivation(ScramHash.SHA_256, new byte[] {1}, new byte[] {3}, 4_096)));
        assertNull(cache.get(new ScramDerivation(ScramHash.SHA_256, password, new byte[] {4}, 4_096)));
        assertNull(cache.get(new ScramDerivation(ScramHash.SHA_256, password, new byte[] {3}, 4_097)));
        // The same bytes, divided otherwise.
        assertNull(cache.get(new ScramDerivation(ScramHash.SHA_256, new byte[] {2}, new byte[] {3, 1}, 4_096)));
        assertThrows(IllegalArgumentException.class, () -> new ScramKeyCache(new byte[15]));
    }

    @Test
    void theOnesNotUsedLongestAreForgotten() {
        ScramKeyCache cache = new ScramKeyCache(new byte[16]);
        ScramKeys keys = ScramKeys.of(ScramHash.SHA_1, new byte[20]);
        for (int i = 0; i < ScramKeyCache.MAX_KEYS; i++) {
            cache.put(new ScramDerivation(ScramHash.SHA_1, new byte[0], new byte[] {(byte) i}, 4_096), keys);
        }
        ScramDerivation first = new ScramDerivation(ScramHash.SHA_1, new byte[0], new byte[] {0}, 4_096);
        ScramDerivation second = new ScramDerivation(ScramHash.SHA_1, new byte[0], new byte[] {1}, 4_096);
        assertNotNull(cache.get(first));
        cache.put(new ScramDerivation(ScramHash.SHA_1, new byte[0], new byte[] {100}, 4_096), keys);
        assertNotNull(cache.get(first));
        assertNull(cache.get(second));
        assertEquals("ScramKeyCache[keys=64]", cache.toString());
    }
}
