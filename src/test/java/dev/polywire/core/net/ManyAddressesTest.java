package dev.polywire.core.net;

import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Certificates;
import dev.polywire.testing.Loop;
import dev.polywire.testing.NameServer;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** F36: a name has several addresses, and some of them lead nowhere. The peer listens at 127.0.0.1 alone. */
class ManyAddressesTest {

    private static final String NAME = "many.test";
    private static final int LONG_MILLIS = 15_000;
    private static final int SHORT_MILLIS = 400;

    private final Loop loop = new Loop();
    private final Recorder recorder = new Recorder();
    private final RawPeer.Door door = new RawPeer.Door();
    private final List<String> lookups = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        door.close();
        loop.close();
    }

    private Dialer dialer(int timeoutMillis, TlsOptions tls, AddressLookup lookup) {
        return new Dialer(
                loop.vertx(), new EndpointOptions(NAME, door.port(), timeoutMillis, tls), "text", Spi.NONE, lookup);
    }

    private Dialer dialer(int timeoutMillis, String... addresses) {
        return dialer(timeoutMillis, null, host -> {
            lookups.add(host);
            return Future.succeededFuture(
                    Stream.of(addresses).map(ManyAddressesTest::address).toList());
        });
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException noLiteral) {
            throw new AssertionError(noLiteral);
        }
    }

    private Future<MachineSocket<String>> dial(Dialer dialer) {
        return loop.call(() -> TextConnection.dial(dialer, new TextMachine(), recorder));
    }

    private CallException failure(Dialer dialer) {
        return (CallException) loop.failure(() -> TextConnection.dial(dialer, new TextMachine(), recorder));
    }

    /** A port where the system makes no further connections, and does not say so. */
    private static final class Silent implements AutoCloseable {

        private final List<Socket> waiting = new ArrayList<>();
        private final ServerSocket server;

        Silent(String address, int port) throws IOException {
            server = new ServerSocket(port, 1, address(address));
            for (boolean full = false; !full; ) {
                Socket next = new Socket();
                waiting.add(next);
                try {
                    next.connect(server.getLocalSocketAddress(), 200);
                } catch (SocketTimeoutException silent) {
                    full = true;
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket each : waiting) {
                each.close();
            }
            server.close();
        }
    }

    @Test
    void anAddressThatRefusesIsPassedOver() {
        Loop.await(dial(dialer(LONG_MILLIS, "127.0.0.2", "127.0.0.3", "127.0.0.1")));
        door.accept().send("there");
        assertEquals("there", recorder.next());
        assertEquals(List.of(NAME), lookups);
    }

    @Test
    void anAddressThatIsSilentLeavesTimeForTheOthers() throws IOException {
        try (Silent silent = new Silent("127.0.0.2", door.port())) {
            assertTrue(silent.server.isBound());
            Loop.await(dial(dialer(2 * SHORT_MILLIS, "127.0.0.2", "127.0.0.1")));
            door.accept().send("there");
            assertEquals("there", recorder.next());
        }
    }

    @Test
    void theFailureNamesWhatWasTried() throws IOException {
        door.close();
        try (Silent silent = new Silent("127.0.0.4", door.port())) {
            assertTrue(silent.server.isBound());
            CallException failure = failure(dialer(SHORT_MILLIS, "127.0.0.2", "127.0.0.4", "127.0.0.3"));
            assertEquals(UNAVAILABLE, failure.reason());
            String words = failure.getMessage().replaceAll("\\d+ ms", "N ms");
            assertEquals(
                    "cannot connect to many.test:" + door.port() + ": Connection refused at 127.0.0.2, 127.0.0.3; "
                            + "connection timed out after N ms at 127.0.0.4",
                    words);
        }
    }

    @Test
    void aNameWithTooManyIsTriedInPart() {
        door.close();
        String[] twelve = IntStream.range(2, 14).mapToObj(i -> "127.0.0." + i).toArray(String[]::new);
        String words = failure(dialer(LONG_MILLIS, twelve)).getMessage();
        assertTrue(
                words.endsWith(" at 127.0.0.2, 127.0.0.3, 127.0.0.4, 127.0.0.5, 127.0.0.6, 127.0.0.7, 127.0.0.8, "
                        + "127.0.0.9; not tried: 4 more"),
                words);
    }

    /** Else each attempt of a link would wait for the same silence, and a name whose first eight are dead would stay dead. */
    @Test
    void whatFailedLastTimeIsTriedLast() {
        String[] nine = Stream.concat(IntStream.range(2, 10).mapToObj(i -> "127.0.0." + i), Stream.of("127.0.0.1"))
                .toArray(String[]::new);
        Dialer dialer = dialer(LONG_MILLIS, nine);
        assertTrue(failure(dialer).getMessage().endsWith("; not tried: 1 more"));
        Loop.await(dial(dialer));
        door.accept().close();
    }

    /** A balancer in front of nobody connects, too. */
    @Test
    void anAddressWhosePeerEndsTheHandshakeIsTriedLast() throws IOException {
        try (ServerSocket other = new ServerSocket(door.port(), 50, address("127.0.0.2"))) {
            Dialer dialer = dialer(LONG_MILLIS, "127.0.0.2", "127.0.0.1");
            Future<Greeted> dial = loop.call(() -> dialer.connect(new TextMachine(), Greeted::new));
            other.accept().close();
            assertEquals(CallException.class, loop.failure(() -> dial).getClass());
            Future<Greeted> again = loop.call(() -> dialer.connect(new TextMachine(), Greeted::new));
            door.accept().send("welcome");
            Loop.await(again);
        }
    }

    /** It is ready when the peer has said something. */
    private static final class Greeted extends Connection<String> {

        Greeted(OpenSocket<String> socket) {
            super(socket);
        }

        @Override
        protected boolean hasHandshake() {
            return true;
        }

        @Override
        protected void event(String event) {
            ready();
        }

        @Override
        protected void ended(RuntimeException cause) {}
    }

    @Test
    void aSilentLookupIsOver() {
        Dialer dialer = dialer(
                SHORT_MILLIS, null, host -> Promise.<List<InetAddress>>promise().future());
        CallException failure = failure(dialer);
        assertEquals(UNAVAILABLE, failure.reason());
        assertEquals(
                "cannot connect to many.test:" + door.port()
                        + ": no answer to the lookup of its addresses within 400 ms",
                failure.getMessage());
    }

    /** The JDK's cannot be given up, and has few threads. */
    @Test
    void aSilentLookupIsSharedByAllAttempts() {
        Promise<List<InetAddress>> silent = Promise.promise();
        Dialer dialer = dialer(SHORT_MILLIS, null, host -> {
            lookups.add(host);
            return lookups.size() == 1 ? silent.future() : Future.succeededFuture(List.of(address("127.0.0.1")));
        });
        assertEquals(UNAVAILABLE, failure(dialer).reason());
        assertEquals(UNAVAILABLE, failure(dialer).reason());
        assertEquals(List.of(NAME), lookups);
        loop.run(() -> silent.fail(new UnknownHostException(NAME)));
        Loop.await(dial(dialer));
        door.accept().close();
        assertEquals(List.of(NAME, NAME), lookups);
    }

    @Test
    void anAttemptThatThrowsIsAFailureLikeOthers() {
        AddressAttempts.Attempt<String> picky = (address, millis) -> {
            if (address.host().equals("127.0.0.2")) {
                throw new IllegalArgumentException("no such address");
            }
            return Future.succeededFuture(address.host());
        };
        AddressLookup both = host -> Future.succeededFuture(List.of(address("127.0.0.2"), address("127.0.0.1")));
        AddressAttempts name = new AddressAttempts(EndpointOptions.of(NAME, 1), both);
        assertEquals("127.0.0.1", loop.join(() -> name.connect(LONG_MILLIS, picky)));
        AddressAttempts literal = new AddressAttempts(EndpointOptions.of("127.0.0.2", 1), both);
        CallException failure = (CallException) loop.failure(() -> literal.connect(LONG_MILLIS, picky));
        assertEquals(UNAVAILABLE, failure.reason());
        assertEquals("cannot connect to 127.0.0.2:1: no such address", failure.getMessage());
    }

    @Test
    void closingEndsTheAttempts() {
        Promise<List<InetAddress>> found = Promise.promise();
        Dialer dialer = dialer(LONG_MILLIS, null, host -> found.future());
        Future<MachineSocket<String>> dial = dial(dialer);
        loop.join(dialer::close);
        loop.run(() -> found.complete(List.of(address("127.0.0.2"), address("127.0.0.1"))));
        assertEquals(SHUTTING_DOWN, ((CallException) loop.failure(() -> dial)).reason());
    }

    // ---- TLS

    private static TlsOptions trusts(Certificates authority) {
        return new TlsOptions(authority.certificate(), null, null, true);
    }

    /** @return its port. A server at one address that only ends the handshake. */
    private int listen(String address, int port, Certificates identity) {
        TlsOptions tls = new TlsOptions(null, identity.certificate(), identity.key(), true);
        Acceptor acceptor =
                new Acceptor(loop.vertx(), new EndpointOptions(address, port, LONG_MILLIS, tls), "text", Spi.NONE);
        return loop.join(
                () -> acceptor.listen(socket -> TextConnection.attach(socket, new TextMachine(), new Recorder())));
    }

    private Dialer securedDialer(int port, Certificates trusted, String... addresses) {
        List<InetAddress> all =
                Stream.of(addresses).map(ManyAddressesTest::address).toList();
        return new Dialer(
                loop.vertx(),
                new EndpointOptions(NAME, port, LONG_MILLIS, trusts(trusted)),
                "text",
                Spi.NONE,
                host -> Future.succeededFuture(all));
    }

    @Test
    void theCertificateIsForTheNameAndNotForTheAddress(@TempDir Path directory) {
        Certificates named = Certificates.make(directory, "named", "dns:" + NAME);
        int port = listen("127.0.0.3", 0, named);
        Loop.await(dial(securedDialer(port, named, "127.0.0.2", "127.0.0.3")));

        Certificates numbered = Certificates.make(directory, "numbered", "ip:127.0.0.3");
        int other = listen("127.0.0.3", 0, numbered);
        CallException failure = failure(securedDialer(other, numbered, "127.0.0.3"));
        assertEquals(UNAUTHENTICATED, failure.reason());
        assertTrue(failure.getMessage().startsWith("TLS with many.test:" + other + ": "), failure.getMessage());
        assertTrue(failure.getMessage().endsWith(" at 127.0.0.3"), failure.getMessage());
    }

    /** As with the servers of a cluster: another one may have a better certificate, or be back soon. */
    @Test
    void oneBadCertificateOfSeveralMayHeal(@TempDir Path directory) {
        Certificates known = Certificates.make(directory, "known", "dns:" + NAME);
        Certificates stranger = Certificates.make(directory, "stranger", "dns:" + NAME);
        int port = listen("127.0.0.3", 0, stranger);
        CallException mixed = failure(securedDialer(port, known, "127.0.0.3", "127.0.0.2"));
        assertEquals(UNAVAILABLE, mixed.reason());
        assertTrue(mixed.getMessage().contains("Connection refused at 127.0.0.2"), mixed.getMessage());
        listen("127.0.0.4", port, known);
        Loop.await(dial(securedDialer(port, known, "127.0.0.3", "127.0.0.4")));
    }

    // ---- with resolvers

    private void assertDials(Vertx vertx, String host) {
        Context context = vertx.getOrCreateContext();
        Promise<TextConnection> dialled = Promise.promise();
        context.runOnContext(now -> TextConnection.connect(
                        new Dialer(vertx, EndpointOptions.of(host, door.port()), "text", Spi.NONE),
                        new TextMachine(),
                        recorder)
                .onComplete(dialled));
        Loop.await(dialled.future());
        door.accept().send("there");
        assertEquals("there", recorder.next());
    }

    @Test
    void vertxAsksForAllAddresses() {
        try (NameServer names = new NameServer()) {
            names.has(
                    NAME,
                    NameServer.Type.A,
                    NameServer.address("127.0.0.2"),
                    NameServer.address("127.0.0.3"),
                    NameServer.address("127.0.0.1"));
            Vertx vertx = names.vertx();
            assertDials(vertx, NAME);
            assertTrue(names.asked().contains(NAME));
            Loop.await(vertx.close());
        }
    }

    /** The JVM of the tests has switched Vert.x's resolver off. */
    @Test
    @Timeout(60)
    void theJdkIsAsked() {
        assertEquals("true", System.getProperty("vertx.disableDnsResolver"));
        assertDials(loop.vertx(), "localhost");
        InetSocketAddress known = new InetSocketAddress("localhost", 1);
        assertTrue(loop.join(() -> Spi.addresses(loop.vertx(), "localhost")).contains(known.getAddress()));
        Throwable unknown = loop.failure(() -> Spi.addresses(loop.vertx(), "nowhere.invalid"));
        assertEquals(UnknownHostException.class, unknown.getClass());
    }

    @Test
    void theFamiliesTakeTurns() {
        List<InetAddress> found = Stream.of("::1", "::2", "::3", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")
                .map(ManyAddressesTest::address)
                .toList();
        assertEquals(
                Stream.of("::1", "10.0.0.1", "::2", "10.0.0.2", "::3", "10.0.0.3", "10.0.0.4")
                        .map(ManyAddressesTest::address)
                        .toList(),
                AddressLookup.inTurns(found));
        assertEquals(List.of(), AddressLookup.inTurns(List.of()));
    }
}
