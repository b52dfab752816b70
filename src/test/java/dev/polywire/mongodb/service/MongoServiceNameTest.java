package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.SmallMongo;
import dev.polywire.mongodb.server.SmallMongoOptions;
import dev.polywire.mongodb.server.SmallMongoOptions.MongoUser;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.testing.Canary;
import dev.polywire.testing.NameServer;
import dev.polywire.testing.NameServer.Type;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connectors to a server that the DNS knows, by {@code mongodb+srv}. */
class MongoServiceNameTest {

    private static final String NAME = "c.example.test";
    private static final String SERVICE = "_mongodb._tcp." + NAME;
    private static final String PASSWORD = Canary.of("mongo-srv");

    private final NameServer names = new NameServer();
    private final Vertx vertx = names.vertx();
    /** Its servers live longer than those of {@link #vertx}. */
    private final Vertx serving = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        Outcome.value(serving.close());
        names.close();
    }

    private SmallMongo server(String source) {
        MongoUser user = MongoUser.of(new MongoCredential("me", PASSWORD, source));
        return new SmallMongo(serving, EndpointOptions.of("127.0.0.1", 0), SmallMongoOptions.DEFAULT.locked(user));
    }

    /** The server of a name whose address is this machine's. */
    private Buffer at(String host, int port) {
        names.has(host, Type.A, NameServer.address("127.0.0.1"));
        return NameServer.service(0, 0, port, host);
    }

    private Future<String> deploying(String options, boolean failFast) {
        JsonObject config = new JsonObject()
                .put("uri", "mongodb+srv://me:" + PASSWORD + "@" + NAME + "/?tls=false" + options)
                .put("connectTimeoutMillis", 2_000)
                .put("heartbeatMillis", 0)
                .put("failFast", failFast);
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config));
    }

    private MongoService mongo() {
        return MongoService.proxy(vertx, "polywire.mongodb", 60_000);
    }

    private void insert(int id) {
        JsonObject insert = new JsonObject("{\"insert\": \"c\", \"documents\": [{\"_id\": " + id + "}]}");
        assertEquals(
                1, Outcome.value(mongo().command("db", "insert", insert, null)).getInteger("n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", textBlock = """
            -                     ; ''                          ; admin
            authSource=db         ; ''                          ; db
            authSource=other      ; &authSource=db              ; db
            -                     ; &authMechanism=SCRAM-SHA-1  ; admin
            """)
    void connects(String text, String options, String source) {
        names.has(
                SERVICE,
                Type.SRV,
                at("a.example.test", Outcome.value(server(source).listen())));
        if (text != null) {
            names.has(NAME, Type.TXT, NameServer.texts(text));
        }
        Outcome.value(deploying(options, true));
        insert(1);
        JsonObject status = Outcome.value(mongo().status());
        assertEquals("mongodb+srv://" + NAME, status.getString("target"));
        assertFalse(status.encode().contains(Canary.SONG));
        assertTrue(names.asked().containsAll(List.of(SERVICE, NAME)));
    }

    @Test
    void theServiceMayHaveAnotherName() {
        names.has(
                "_other._tcp." + NAME,
                Type.SRV,
                at("a.example.test", Outcome.value(server("admin").listen())));
        Outcome.value(deploying("&srvServiceName=other", true));
        insert(1);
    }

    /** Which is tried again: records change. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", textBlock = """
            a.example.test b.example.test ; -                             ; hosts: 2 (expected: 1, replica sets are not supported yet)
            evil.other.test               ; -                             ; SRV record: the host evil.other.test (expected: one in the domain example.test)
            a.example.test                ; w=1                           ; TXT record
            a.example.test                ; loadBalanced=true             ; loadBalanced: not supported yet
            a.example.test                ; replicaSet=rs                 ; setName: another one, or none
            a.example.test                ; authSource=a authSource=b     ; TXT records: 2 (expected: at most 1)
            -                             ; -                             ; SRV records of _mongodb._tcp.c.example.test: there are none
            """)
    void isRefusedAndTriedAgain(String hosts, String texts, String said) {
        int port = Outcome.value(server("admin").listen());
        if (hosts != null) {
            names.has(
                    SERVICE,
                    Type.SRV,
                    List.of(hosts.split(" ")).stream()
                            .map(each -> at(each, port))
                            .toArray(Buffer[]::new));
        }
        if (texts != null) {
            names.has(
                    NAME,
                    Type.TXT,
                    List.of(texts.split(" ")).stream().map(NameServer::texts).toArray(Buffer[]::new));
        }
        ServiceException failure = (ServiceException) Outcome.failure(deploying("", true));
        assertEquals("UNAVAILABLE retryable", Stage.word(failure));
        assertTrue(failure.getMessage().contains(said), failure.getMessage());
        Outcome.value(deploying("", false));
        Awaitility.await().until(() -> Outcome.value(mongo().status()).containsKey("reason"));
        JsonObject status = Outcome.value(mongo().status());
        assertTrue(status.getString("reason").contains(said), status::encode);
        assertFalse((failure.getMessage() + status).contains(Canary.SONG));
        // Somebody repairs the records.
        names.has(NAME, Type.TXT);
        names.has(SERVICE, Type.SRV, at("a.example.test", port));
        insert(1);
    }

    @Test
    void aNameServerThatFailsIsAskedAgain() {
        names.has(
                SERVICE,
                Type.SRV,
                at("a.example.test", Outcome.value(server("admin").listen())));
        names.fails(NameServer.SERVER_FAILURE);
        ServiceException failure = (ServiceException) Outcome.failure(deploying("", true));
        assertEquals("UNAVAILABLE retryable", Stage.word(failure));
        Outcome.value(deploying("", false));
        names.fails(0);
        insert(1);
    }

    /** When another connection is opened, and not before. */
    @Test
    void changedRecordsAreFollowed() {
        SmallMongo first = server("admin");
        SmallMongo second = server("db");
        names.has(SERVICE, Type.SRV, at("a.example.test", Outcome.value(first.listen())));
        Outcome.value(deploying("", true));
        insert(1);
        names.has(SERVICE, Type.SRV, at("b.example.test", Outcome.value(second.listen())));
        names.has(NAME, Type.TXT, NameServer.texts("authSource=db"));
        insert(2);
        Outcome.value(first.close());
        // The other server has none of those documents, and knows the user of another database.
        Awaitility.await().untilAsserted(() -> insert(1));
    }

    /** A name server that is gone is no reason to lose the server. */
    @Test
    void theLastAnswerStaysWhenThereIsNone() {
        SmallMongo mongo = server("admin");
        int port = Outcome.value(mongo.listen());
        names.has(SERVICE, Type.SRV, at("localhost.example.test", port));
        Outcome.value(deploying("", true));
        insert(1);
        names.has(SERVICE, Type.SRV);
        Outcome.value(mongo.close());
        Outcome.value(new SmallMongo(
                        serving,
                        EndpointOptions.of("127.0.0.1", port),
                        SmallMongoOptions.DEFAULT.locked(MongoUser.of(new MongoCredential("me", PASSWORD, "admin"))))
                .listen());
        Awaitility.await().untilAsserted(() -> insert(1));
    }
}
