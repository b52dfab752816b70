package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.mongodb.server.ScriptedLogin;
import dev.polywire.mongodb.server.SmallMongo;
import dev.polywire.mongodb.server.SmallMongoOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.MongoUser;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logins of a connector, as its configuration says them, at a server that lets in one user. */
class MongoAuthenticationTest {

    private static final String PASSWORD = Canary.of("mongo");
    private static final String USER = "canary-7f3a-me";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path files;

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    private int locked(EndpointOptions endpoint, String source, String mechanisms) {
        MongoUser user = new MongoUser(
                new MongoCredential(USER, PASSWORD, source),
                Stream.of(mechanisms.split(" ")).map(ScramHash::valueOf).toList(),
                ScriptedLogin.Manner.TODAY);
        return Outcome.value(new SmallMongo(vertx, endpoint, SmallMongoOptions.DEFAULT.locked(user)).listen());
    }

    private int locked(String source, String mechanisms) {
        return locked(EndpointOptions.of("127.0.0.1", 0), source, mechanisms);
    }

    /** Words in capitals stand for what only the test knows. */
    private JsonObject config(String text, int port) {
        return new JsonObject(text.replace('\'', '"')
                        .replace("PORT", "" + port)
                        .replace("USER", USER)
                        .replace("PASSWORD", PASSWORD)
                        .replace("FILES", files.toString()))
                .put("failFast", true);
    }

    private Future<String> deploying(JsonObject config) {
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config));
    }

    private MongoService mongo() {
        return MongoService.proxy(vertx, "polywire.mongodb", 60_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            SHA_1 SHA_256 ; admin     ; {'port':PORT,'user':'USER','password':'PASSWORD'}
            SHA_1         ; admin     ; {'port':PORT,'user':'USER','password':'PASSWORD'}
            SHA_256       ; admin     ; {'port':PORT,'user':'USER','password':'PASSWORD'}
            SHA_1 SHA_256 ; db        ; {'port':PORT,'user':'USER','password':'PASSWORD','authSource':'db'}
            SHA_1 SHA_256 ; admin     ; {'port':PORT,'user':'USER','password':'PASSWORD','authMechanism':'SCRAM-SHA-1'}
            SHA_1 SHA_256 ; admin     ; {'port':PORT,'user':'USER','password':'PASSWORD','authMechanism':'SCRAM-SHA-256'}
            SHA_256       ; $external ; {'port':PORT,'user':'USER','password':'PASSWORD','authMechanism':'PLAIN','plainWithoutTls':true}
            SHA_1 SHA_256 ; admin     ; {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT'}
            SHA_1         ; db        ; {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT/db'}
            SHA_1         ; admin     ; {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT/?authMechanism=SCRAM-SHA-1'}
            SHA_256       ; admin     ; {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT/?authMechanism=SCRAM-SHA-256'}
            SHA_256       ; admin     ; {'uri':'mongodb://USER@127.0.0.1:PORT','password':'PASSWORD'}
            SHA_256       ; $external ; {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT/?authMechanism=PLAIN','plainWithoutTls':true}
            """)
    void logsIn(String mechanisms, String source, String config) {
        Outcome.value(deploying(config(config, locked(source, mechanisms))));
        assertEquals(1.0, Outcome.value(mongo().ping()).getDouble("ok"));
        JsonObject insert = new JsonObject("{\"insert\": \"c\", \"documents\": [{\"_id\": 1}]}");
        assertEquals(
                1, Outcome.value(mongo().command("db", "insert", insert, null)).getInteger("n"));
        silent(Outcome.value(mongo().status()).encode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {'port':PORT,'user':'USER','password':'PASSWORD-2'}                               ; SCRAM-SHA-256: refused by the server, code 18
            {'port':PORT,'user':'USER-2','password':'PASSWORD'}                               ; refused by the server, code 18
            {'port':PORT,'user':'USER','password':'PASSWORD-2','authMechanism':'SCRAM-SHA-1'} ; SCRAM-SHA-1: refused by the server, code 18
            {'uri':'mongodb://USER:PASSWORD-2@127.0.0.1:PORT'}                                ; SCRAM-SHA-256: refused by the server, code 18
            {'uri':'mongodb://USER:PASSWORD-2@127.0.0.1:PORT/?authMechanism=PLAIN&authSource=admin','plainWithoutTls':true} ; PLAIN: refused by the server, code 18
            """)
    void isRefused(String config, String said) {
        JsonObject options = config(config, locked("admin", "SHA_1 SHA_256"));
        ServiceException failure = (ServiceException) Outcome.failure(deploying(options));
        assertEquals("UNAUTHENTICATED", Stage.word(failure));
        assertTrue(failure.getMessage().contains(said), failure.getMessage());
        silent(failure.getMessage() + failure.getDebugInfo());
        // And so are requests, without waiting for their deadline.
        Outcome.value(deploying(options.copy().put("failFast", false)));
        ServiceException asked = (ServiceException) Outcome.failure(mongo().ping());
        assertEquals("UNAUTHENTICATED", Stage.word(asked));
        JsonObject status = Outcome.value(mongo().status());
        assertTrue(status.getString("reason").contains(said), status::encode);
        silent(asked.getMessage() + asked.getDebugInfo() + status);
    }

    @Test
    void withoutALoginCommandsAreRefused() {
        Outcome.value(deploying(config("{'uri':'mongodb://127.0.0.1:PORT'}", locked("admin", "SHA_256"))));
        Future<JsonObject> insert =
                mongo().command("db", "insert", new JsonObject("{\"insert\": \"c\", \"documents\": [{}]}"), null);
        assertEquals("REFUSED_BY_SERVER", Stage.failure(insert));
    }

    /** One file has certificate and key, as MongoDB's own programs want it. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {'port':PORT,'authMechanism':'MONGODB-X509','tls':{'trust':'FILES/server.crt','certificate':'FILES/client.crt','key':'FILES/client.key'}}
            {'uri':'mongodb://127.0.0.1:PORT/?authMechanism=MONGODB-X509&tls=true&tlsCAFile=FILES/server.crt&tlsCertificateKeyFile=FILES/both.pem'}
            {'uri':'mongodb://localhost:PORT/?authMechanism=MONGODB-X509&tls=true&tlsCAFile=FILES/server.crt&tlsCertificateKeyFile=FILES/both.pem&tlsAllowInvalidHostnames=true'}
            {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT/?authMechanism=PLAIN&tls=true&tlsCAFile=FILES/server.crt&tlsCertificateKeyFile=FILES/both.pem'}
            """)
    void withTls(String config) throws IOException {
        Certificates server = Certificates.make(files, "server", "ip:127.0.0.1");
        Certificates client = Certificates.make(files, "client", "dns:client");
        Files.writeString(files.resolve("both.pem"), read(client.key()) + read(client.certificate()));
        EndpointOptions endpoint = new EndpointOptions(
                "127.0.0.1", 0, 10_000, new TlsOptions(client.certificate(), server.certificate(), server.key(), true));
        Outcome.value(deploying(config(config, locked(endpoint, MongoCredential.EXTERNAL, "SHA_256"))));
        JsonObject insert = new JsonObject("{\"insert\": \"c\", \"documents\": [{}]}");
        assertEquals(
                1, Outcome.value(mongo().command("db", "insert", insert, null)).getInteger("n"));
    }

    /** What is wrong with a configuration is said without the secrets that are in it. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT/?authMechanism=PLAIN'}
            {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT/?nobodyKnows=1'}
            {'uri':'mongodb://USER:PASSWORD@127.0.0.1:PORT','user':'USER','password':'PASSWORD'}
            {'user':'USER','password':'PASSWORD','authMechanism':'PASSWORD'}
            """)
    void complaintsAreSilent(String config) {
        silent(Outcome.failure(deploying(config(config, 1))).toString());
    }

    @ParameterizedTest
    @CsvSource({"snappy", "zlib", "zstd", "noop"})
    void aCompressorIsNegotiated(String name) {
        SmallMongoOptions options = SmallMongoOptions.DEFAULT.compresses("noop", "zstd", "zlib", "snappy");
        int port = Outcome.value(new SmallMongo(vertx, EndpointOptions.of("127.0.0.1", 0), options).listen());
        Outcome.value(deploying(config("{'uri':'mongodb://127.0.0.1:PORT/?compressors=bzip2," + name + "'}", port)));
        JsonObject insert = new JsonObject("{\"insert\": \"c\", \"documents\": [{\"_id\": 1}]}");
        assertEquals(
                1, Outcome.value(mongo().command("db", "insert", insert, null)).getInteger("n"));
        JsonObject find = new JsonObject().put("find", "c");
        assertEquals(
                List.of(new JsonObject().put("_id", 1)),
                Outcome.value(mongo().command("db", "find", find, null))
                        .getJsonObject("cursor")
                        .getJsonArray("firstBatch")
                        .stream()
                        .toList());
    }

    private static void silent(String text) {
        assertFalse(text.contains(Canary.SONG), text);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
