package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import dev.polywire.testing.Recorder;
import dev.polywire.testing.TextMachine;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineSocketTest {

    private final Logger log = Logger.getLogger(MachineSocket.class.getName());

    @BeforeEach
    void expectErrors() {
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void heedErrors() {
        log.setLevel(null);
    }

    @Test
    void twoMachinesTalkOverARealSocket() {
        try (Loop loop = new Loop()) {
            TextMachine server = new TextMachine();
            Acceptor acceptor = new Acceptor(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), "text", Spi.NONE);
            List<MachineSocket<String>> accepted = new ArrayList<>();
            Recorder echo = new Recorder(event -> {
                server.send(event);
                accepted.get(0).flush();
            });
            int port = loop.join(
                    () -> acceptor.listen(socket -> accepted.add(TextConnection.attach(socket, server, echo))));
            TextMachine client = new TextMachine();
            Recorder answers = new Recorder();
            Dialer dialer = new Dialer(loop.vertx(), EndpointOptions.of("127.0.0.1", port), "text", Spi.NONE);
            MachineSocket<String> socket = loop.join(() -> TextConnection.dial(dialer, client, answers));
            String large = "x".repeat(TextMachine.MAX_TEXT_BYTES);
            loop.join(() -> {
                for (int i = 0; i < 1_000; i++) {
                    client.send("text " + i);
                }
                client.send(large);
                return socket.flush();
            });
            for (int i = 0; i < 1_000; i++) {
                assertEquals("text " + i, answers.next());
            }
            assertEquals(large, answers.next());
            loop.join(acceptor::close);
            assertEquals(CallException.Reason.CONNECTION_LOST, reason(answers.closed()));
            assertEquals(CallException.Reason.CONNECTION_LOST, reason(echo.closed()));
        }
    }

    @Test
    void whatAMachineIsBornWithIsWrittenAndItsDeadlineHeld() {
        TextMachine machine = new TextMachine();
        machine.send("preamble");
        machine.expectBy(Monotonic.millis() + 1);
        try (Dialled dialled = new Dialled(machine, (self, event) -> {})) {
            assertEquals("preamble", dialled.peer.read());
            assertEquals("late", dialled.recorder.next());
        }
    }

    @Test
    void aDeadlineThatComesNearerOrFartherIsHeld() {
        try (Dialled dialled = new Dialled()) {
            for (int round = 0; round < 3; round++) {
                dialled.loop.run(() -> {
                    dialled.machine.expectBy(Monotonic.millis() + 3_600_000);
                    dialled.socket().flush();
                    dialled.machine.expectBy(Monotonic.millis() + 5);
                    dialled.socket().flush();
                    dialled.machine.expectBy(Monotonic.millis() + 20);
                    dialled.socket().flush();
                });
                assertEquals("late", dialled.recorder.next(), "round " + round);
            }
        }
    }

    @Test
    void aViolationClosesBehindTheFarewell() {
        try (Dialled dialled = new Dialled()) {
            dialled.peer.send("fine", "violate", "never read");
            assertEquals("farewell", dialled.peer.read());
            assertEquals(-1, dialled.peer.readByte());
            ProtocolException cause = assertInstanceOf(ProtocolException.class, dialled.recorder.closed());
            assertEquals(ProtocolException.Kind.FRAMING, cause.kind());
            assertEquals(List.of("fine"), dialled.recorder.events());
        }
    }

    @Test
    void aViolationFoundByTheListenerClosesToo() {
        ProtocolException violation = ProtocolException.framing("out of order");
        try (Dialled dialled = new Dialled((self, event) -> {
            throw violation;
        })) {
            dialled.peer.send("one", "two");
            assertSame(violation, dialled.recorder.closed());
            assertEquals(-1, dialled.peer.readByte());
            assertEquals(List.of("one"), dialled.recorder.events());
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class})
    void aBugInTheListenerClosesThisConnection(Class<? extends Throwable> kind) {
        try (Dialled dialled = new Dialled((self, event) -> {
            if (kind == StackOverflowError.class) {
                throw new StackOverflowError();
            }
            throw new IllegalStateException("bug");
        })) {
            dialled.peer.send("one", "two");
            RuntimeException cause = dialled.recorder.closed();
            assertEquals(CallException.Reason.CONNECTION_LOST, reason(cause));
            assertInstanceOf(kind, cause.getCause());
            assertEquals(-1, dialled.peer.readByte());
            assertEquals(List.of("one"), dialled.recorder.events());
        }
    }

    @Test
    void aBugInTheMachineClosesAndFailsTheFlush() {
        try (Dialled dialled = new Dialled()) {
            IllegalStateException bug = new IllegalStateException("bug");
            Throwable failure = dialled.loop.failure(() -> {
                dialled.machine.send("said in vain");
                dialled.machine.trapOutput(bug);
                return dialled.socket().flush();
            });
            assertSame(dialled.recorder.closed(), failure);
            assertSame(bug, failure.getCause());
            assertEquals(-1, dialled.peer.readByte());
        }
    }

    @Test
    void aBugInTheMachineBehindAnEventClosesToo() {
        IllegalStateException bug = new IllegalStateException("bug");
        try (Dialled dialled = new Dialled((self, event) -> self.machine.trapOutput(bug))) {
            dialled.peer.send("one");
            assertSame(bug, dialled.recorder.closed().getCause());
            assertEquals(-1, dialled.peer.readByte());
        }
    }

    @Test
    void flushingInsideAnEventKeepsTheOrder() {
        try (Dialled dialled = new Dialled((self, event) -> {
            self.machine.send(event + "a");
            self.socket().flush();
            self.machine.send(event + "b");
            self.socket().flush();
            self.machine.send(event + "c");
        })) {
            dialled.peer.send("1", "2", "3");
            for (String answer : List.of("1a", "1b", "1c", "2a", "2b", "2c", "3a", "3b", "3c")) {
                assertEquals(answer, dialled.peer.read());
            }
        }
    }

    @Test
    void closingInsideAnEventGivesNoFurtherEvent() {
        CallException cause = new CallException(CallException.Reason.SHUTTING_DOWN, "enough");
        List<Boolean> closedInside = new ArrayList<>();
        try (Dialled dialled = new Dialled((self, event) -> {
            self.machine.send("answer to " + event);
            self.socket().close(cause);
            closedInside.add(self.recorder.isClosed());
            self.socket().close(new CallException(CallException.Reason.TIMEOUT, "a second close is none"));
            self.socket().pause();
            self.socket().resume();
            self.socket().flush();
        })) {
            dialled.peer.send("one", "two");
            assertEquals("answer to one", dialled.peer.read());
            assertEquals(-1, dialled.peer.readByte());
            assertSame(cause, dialled.recorder.closed());
            dialled.loop.run(() -> {});
            assertEquals(List.of(true), closedInside);
            assertEquals(List.of("one"), dialled.recorder.events());
        }
    }

    @Test
    void nothingIsSentOnceClosed() {
        CallException cause = new CallException(CallException.Reason.SHUTTING_DOWN, "enough");
        try (Dialled dialled = new Dialled()) {
            dialled.loop.run(() -> dialled.socket().close(cause));
            Throwable failure = dialled.loop.failure(() -> {
                dialled.machine.send("too late");
                return dialled.socket().flush();
            });
            assertSame(cause, failure);
            assertTrue(dialled.socket().isClosed());
            assertEquals(-1, dialled.peer.readByte());
        }
    }

    @Test
    void aDeadlineIsForgottenOnceClosed() {
        try (Dialled dialled = new Dialled()) {
            dialled.loop.run(() -> {
                dialled.machine.expectBy(Monotonic.millis() + 2);
                dialled.socket().flush();
                dialled.socket().close(new CallException(CallException.Reason.SHUTTING_DOWN, "enough"));
            });
            dialled.loop.join(() -> Future.future(later -> dialled.loop.vertx().setTimer(20, t -> later.complete())));
            assertEquals(List.of(), dialled.recorder.events());
        }
    }

    @Test
    void theEndOfTheStreamBetweenFramesIsALostConnection() {
        try (Dialled dialled = new Dialled()) {
            dialled.peer.send("one");
            dialled.peer.close();
            RuntimeException cause = dialled.recorder.closed();
            assertEquals(CallException.Reason.CONNECTION_LOST, reason(cause));
            assertTrue(cause.getMessage().endsWith("lost: closed by the peer"), cause.getMessage());
            assertEquals(List.of("one"), dialled.recorder.events());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7})
    void theEndOfTheStreamWithinAFrameIsAViolation(int bytes) {
        try (Dialled dialled = new Dialled()) {
            dialled.peer.send("one");
            dialled.peer.write(TextMachine.frame("four").slice(0, bytes));
            dialled.peer.close();
            ProtocolException cause = assertInstanceOf(ProtocolException.class, dialled.recorder.closed());
            assertTrue(String.valueOf(cause.getMessage()).startsWith("text: truncated by the peer"), cause::toString);
            assertEquals(List.of("one"), dialled.recorder.events());
        }
    }

    @Test
    void aResetIsALostConnectionAtOnce() {
        try (Dialled dialled = new Dialled()) {
            dialled.peer.send("one");
            assertEquals("one", dialled.recorder.next());
            dialled.peer.reset();
            assertEquals(CallException.Reason.CONNECTION_LOST, reason(dialled.recorder.closed()));
        }
    }

    @Test
    void anAcceptedSocketThatNobodyCouldAttachIsClosed() {
        try (Loop loop = new Loop()) {
            Acceptor acceptor = new Acceptor(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), "text", Spi.NONE);
            int port = loop.join(() -> {
                loop.vertx().getOrCreateContext().exceptionHandler(bug -> {});
                return acceptor.listen(socket -> {
                    throw new IllegalStateException("bug");
                });
            });
            try (RawPeer peer = RawPeer.connect(port)) {
                assertEquals(-1, peer.readByte());
            }
        }
    }

    @Test
    void aRefusedSocketIsClosedWithoutAWord() {
        try (Loop loop = new Loop()) {
            Acceptor acceptor = new Acceptor(loop.vertx(), EndpointOptions.of("127.0.0.1", 0), "text", Spi.NONE);
            List<String> remotes = new ArrayList<>();
            int port = loop.join(() -> acceptor.listen(socket -> {
                remotes.add(socket.remote());
                socket.refuse();
            }));
            try (RawPeer peer = RawPeer.connect(port)) {
                assertEquals(-1, peer.readByte());
            }
            assertTrue(remotes.get(0).startsWith("127.0.0.1:"), remotes.toString());
            assertFalse(remotes.get(0).endsWith(":" + port), remotes.toString());
        }
    }

    static CallException.Reason reason(Throwable failure) {
        return assertInstanceOf(CallException.class, failure).reason();
    }
}
