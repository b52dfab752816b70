package dev.polywire.mongodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MongoSrvTest {

    private static final MongoUri CLUSTER = MongoUri.parse("mongodb+srv://u:p@c.example.com/?w=1");

    private static List<MongoUri.Host> hosts(String names) {
        return Stream.of(names.split(" "))
                .map(name -> new MongoUri.Host(name, 27_018))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "mongodb+srv://c.example.com, _mongodb._tcp.c.example.com",
        "mongodb+srv://c.example.com/?srvServiceName=own, _own._tcp.c.example.com",
    })
    void questions(String text, String service) {
        assertEquals(service, MongoSrv.service(MongoUri.parse(text)));
        assertEquals("c.example.com", MongoSrv.name(MongoUri.parse(text)));
    }

    @ParameterizedTest
    @CsvSource({
        "c.example.com, a.example.com",
        "c.example.com, a.b.example.com",
        "c.example.com, c.example.com",
        "C.EXAMPLE.com, A.example.COM.",
        "x.c.example.com, y.c.example.com",
        "example.com, a.example.com",
        "localhost, a.localhost",
    })
    void inTheDomain(String name, String host) {
        MongoUri uri = MongoSrv.resolved(MongoUri.parse("mongodb+srv://" + name), hosts(host), List.of());
        assertTrue(uri.hosts().get(0).name().equalsIgnoreCase(host.replaceFirst("\\.$", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "c.example.com, a.example.org",
        "c.example.com, example.com",
        "c.example.com, aexample.com",
        "c.example.com, example.com.evil.org",
        "x.c.example.com, y.example.com",
        "example.com, example.com",
        "example.com, a.example.org",
        "example.com, com",
        "localhost, localhost",
        "localhost, other",
    })
    void outsideTheDomain(String name, String host) {
        MongoUri uri = MongoUri.parse("mongodb+srv://" + name);
        String said = assertThrows(IllegalArgumentException.class, () -> MongoSrv.resolved(uri, hosts(host), List.of()))
                .getMessage();
        assertTrue(said.startsWith("SRV record: the host " + host + " (expected: one in the domain "), said);
    }

    @Test
    void whatTheDnsAdds() {
        MongoUri uri = MongoSrv.resolved(
                CLUSTER, hosts("a.example.com b.example.com"), List.of("authSource=s&replicaSet=rs0"));
        assertFalse(uri.srv());
        assertTrue(uri.tls());
        assertEquals(hosts("a.example.com b.example.com"), uri.hosts());
        assertEquals("s", uri.text(MongoUriOption.AUTH_SOURCE));
        assertEquals("rs0", uri.text(MongoUriOption.REPLICA_SET));
        assertEquals("1", uri.text(MongoUriOption.W));
        assertEquals("u", uri.user());
        assertEquals(1, uri.notYet().size());
    }

    @Test
    void theUriGoesFirst() {
        MongoUri own = MongoUri.parse("mongodb+srv://u:p@c.example.com/?authSource=mine&ssl=false&srvServiceName=x");
        MongoUri uri = MongoSrv.resolved(own, hosts("a.example.com"), List.of("authSource=theirs"));
        assertEquals("mine", uri.text(MongoUriOption.AUTH_SOURCE));
        assertFalse(uri.tls());
        assertNull(uri.text(MongoUriOption.SRV_SERVICE_NAME));
        assertEquals(uri, MongoUri.parse("mongodb://u:p@a.example.com:27018/?authSource=mine&tls=false"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            socketTimeoutMS=500            | TXT record: its socketTimeoutMS
            tls=false                      | TXT record: its tls
            authSource=                    | TXT record: its option 1
            authSource                     | TXT record: its option 1
            authSource=a&authSource=b      | TXT record: its authSource, which is there twice
            loadBalanced=yes               | TXT record: its loadBalanced
            unheard=1                      | TXT record: its option unheard, which is unknown
            loadBalanced=true&replicaSet=r | uri: its loadBalanced
            """)
    void wrongTexts(String text, String complaint) {
        String said = assertThrows(
                        IllegalArgumentException.class,
                        () -> MongoSrv.resolved(CLUSTER, hosts("a.example.com"), List.of(text)))
                .getMessage();
        assertEquals(complaint, said.substring(0, said.indexOf(" (expected: ")));
    }

    @Test
    void numbersOfRecords() {
        assertThrows(IllegalArgumentException.class, () -> MongoSrv.resolved(CLUSTER, List.of(), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> MongoSrv.resolved(CLUSTER, hosts("a.example.com"), List.of("w=1", "w=1")));
        assertThrows(
                IllegalArgumentException.class,
                () -> MongoSrv.resolved(
                        CLUSTER, Collections.nCopies(101, new MongoUri.Host("a.example.com", 1)), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> MongoSrv.resolved(CLUSTER, List.of(new MongoUri.Host("a.example.com", 0)), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> MongoSrv.resolved(MongoUri.parse("mongodb://h"), hosts("a.example.com"), List.of()));
    }
}
