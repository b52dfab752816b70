package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.HostileBolt;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.RawPeer;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who has not said who he is, or does not speak Bolt. */
class StrangersTest {

    private static final List<BoltVersion> VERSIONS = BoltVersion.ALL;
    private static final Served SERVED = new Served(Served.bounds(60_000, 0), Served.options(1_000));
    private static final RawBolt HEALTHY = RawBolt.ready(SERVED.port, BoltVersion.V5_8);
    private static final String INVALID = "FAILURE Neo.ClientError.Request.Invalid";

    private final int heardBefore = SERVED.handler.heard.size();

    @AfterAll
    static void close() {
        HEALTHY.close();
        SERVED.close();
    }

    /** Whatever the stranger did. */
    @AfterEach
    void othersDoNotNotice() {
        HEALTHY.send(RawBolt.run("healthy"), BoltRequest.Pull.ALL);
        HEALTHY.expect("SUCCESS", "RECORD [healthy]", "SUCCESS");
    }

    private void nothingHasRun() {
        assertEquals(heardBefore, SERVED.handler.heard.size(), SERVED.handler.heard::toString);
    }

    /** The seed's bypass: a failed RUN, then RESET, and it was READY. */
    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b3Defect14RunBeforeLogin(BoltVersion version) {
        List<BoltRequest> openers = new ArrayList<>(List.of(RawBolt.run("bypass"), new BoltRequest.Reset()));
        openers.add(
                version.hasAckFailure()
                        ? new BoltRequest.AckFailure()
                        : new BoltRequest.Begin(RawBolt.run("").options()));
        for (BoltRequest opener : openers) {
            for (boolean piecemeal : List.of(false, true)) {
                try (RawBolt bolt = RawBolt.connect(SERVED.port, version)) {
                    bolt.peer().write(RawBolt.handshake(version));
                    bolt.requireVersion();
                    if (piecemeal) {
                        bolt.send(opener);
                        bolt.expect(INVALID, "end");
                    } else {
                        bolt.send(opener, new BoltRequest.Reset(), RawBolt.run("bypass"), BoltRequest.Pull.ALL);
                        bolt.expect(INVALID, "end");
                    }
                }
            }
        }
        nothingHasRun();
    }

    /** Between HELLO and LOGON nobody is known either, nor behind LOGOFF. */
    @ParameterizedTest
    @FieldSource("VERSIONS")
    void b40RunWhileLoggedOff(BoltVersion version) {
        if (!version.hasLogon()) {
            return;
        }
        try (RawBolt bolt = RawBolt.connect(SERVED.port, version)) {
            bolt.peer().write(RawBolt.handshake(version));
            bolt.requireVersion();
            bolt.send(RawBolt.greeting(version, RawBolt.ALICE)[0], new BoltRequest.Reset(), RawBolt.run("bypass"));
            bolt.expect("SUCCESS", INVALID, "end");
        }
        try (RawBolt bolt = RawBolt.ready(SERVED.port, version)) {
            // RESET comes before LOGOFF is looked at.
            bolt.send(new BoltRequest.Logoff(), RawBolt.run("bypass"), new BoltRequest.Reset());
            bolt.expect("IGNORED", "IGNORED", "SUCCESS");
            bolt.send(new BoltRequest.Logoff(), RawBolt.run("bypass"));
            bolt.expect("SUCCESS", INVALID, "end");
        }
        assertTrue(SERVED.handler.heard.stream().noneMatch("run bypass"::equals));
    }

    static Stream<HostileBolt.Row> hostile() {
        return Stream.concat(HostileBolt.toServerAtOnce(), HostileBolt.toServer());
    }

    /** B01 to B36: an answer of the protocol or none, and the end, at the latest when a login was due. */
    @ParameterizedTest
    @MethodSource("hostile")
    void hazards(HostileBolt.Row row) {
        List<List<Buffer>> ways = new ArrayList<>(List.of(List.of(row.bytes())));
        int length = row.bytes().length();
        Cuts.positions(length)
                .filter(at -> at == 19 || at == 21 || at == length - 1)
                .forEach(at -> ways.add(Cuts.at(row.bytes(), at)));
        String id = row.id().substring(0, 3);
        List<RawPeer> peers = ways.stream()
                .map(pieces -> {
                    RawPeer peer = RawPeer.connect(SERVED.port);
                    pieces.forEach(piece -> writeIfOpen(peer, piece));
                    return peer;
                })
                .toList();
        for (RawPeer peer : peers) {
            byte[] said = peer.readToEnd();
            // A reset may take the last words with it.
            String text = new String(said, StandardCharsets.ISO_8859_1);
            boolean refused = said.length > 4 && text.contains("Neo.ClientError.");
            assertEquals(true, said.length <= 4 || refused || row.outcome().equals("Request"), id + ": " + text);
            peer.close();
        }
        nothingHasRun();
    }

    /** B12: what one was told is not in what another is told. */
    @Test
    void b12NothingOfOneIsInAnother() {
        try (RawBolt first = RawBolt.ready(SERVED.port, BoltVersion.V5_8)) {
            first.send(RawBolt.run("secret ".repeat(2_000)), BoltRequest.Pull.ALL);
            first.expect("SUCCESS");
            first.next();
            first.expect("SUCCESS");
        }
        for (int i = 0; i < 50; i++) {
            try (RawPeer peer = RawPeer.connect(SERVED.port)) {
                peer.write(RawBolt.handshake(new BoltVersion(9, 9)));
                assertEquals("[0, 0, 0, 0]", Arrays.toString(peer.readToEnd()));
            }
        }
    }

    private static void writeIfOpen(RawPeer peer, Buffer bytes) {
        try {
            peer.write(bytes);
        } catch (UncheckedIOException closed) {
            // It has seen enough.
        }
    }
}
