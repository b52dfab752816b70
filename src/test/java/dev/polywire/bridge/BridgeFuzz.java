package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.Fields;
import dev.polywire.fuzz.Complaint;
import dev.polywire.fuzz.FuzzTarget;
import dev.polywire.fuzz.JsonSeeds;
import dev.polywire.fuzz.MachineRun;
import dev.polywire.fuzz.Pieces;
import dev.polywire.testing.AbuseVectors;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/**
 * What a client of the bridge sends: frames, refused ones too, the same wherever the stream is cut; and each of them can be
 * answered. Option 0: small frames only; option 1: the client has to log in.
 */
public final class BridgeFuzz implements FuzzTarget {

    private static final int SMALL_BYTES = 1_024;
    private static final int LARGE_BYTES = 16 * 1024 * 1024;
    private static final int LENGTH_BYTES = 4;

    @Override
    public String name() {
        return "bridge";
    }

    @Override
    public Stream<Buffer> seeds() {
        return Stream.of(
                        AbuseVectors.of("tcp-bridge").all().stream().map(AbuseVectors.AbuseVector::bytes),
                        JsonSeeds.all().map(BridgeFuzz::frame),
                        Stream.of(
                                        "{'type':'send','address':'echo','replyAddress':'r','headers':{'action':'x','timeout':'9'},'body':{'b':[1]}}",
                                        "{'type':'send','address':'polywire.reply.1','body':[1,2]}",
                                        "{'type':'send','address':'polywire.reply.1','failureCode':4404,'message':'m','debugInfo':{}}",
                                        "{'type':'publish','address':'news','headers':{'h':'v'},'body':{'n':1}}",
                                        "{'type':'register','address':'news','replyAddress':null}",
                                        "{'type':'unregister','address':'news','headers':{}}",
                                        "{'type':'err','address':'polywire.reply.2','failureCode':4404,'message':'m','debugInfo':{}}",
                                        "{'type':'auth','token':'0123456789abcdef'}",
                                        "{'type':'ping'}")
                                .map(json -> frame(Buffer.buffer(json.replace('\'', '"')))))
                .flatMap(each -> each)
                .flatMap(stream -> Stream.of(Pieces.seed(0, stream), Pieces.slowSeed(3, stream)));
    }

    private static Buffer frame(Buffer json) {
        return Buffer.buffer().appendInt(json.length()).appendBuffer(json);
    }

    @Override
    public void run(Buffer input) {
        Pieces pieces = Pieces.of(input);
        assertEquals(outcome(pieces.whole()), outcome(pieces));
    }

    private static String outcome(Pieces pieces) {
        int maxFrameBytes = pieces.option(0) ? SMALL_BYTES : LARGE_BYTES;
        BridgeLimits limits = BridgeLimits.fromJson(
                Fields.of(new JsonObject().put("maxFrameBytes", maxFrameBytes).put("maxJsonValues", 1_000)));
        MachineRun run = new MachineRun();
        BridgeMachine machine = new BridgeMachine(limits, pieces.option(1), run, 0);
        return run.play(machine, pieces, maxFrameBytes + LENGTH_BYTES, event -> {
            if (event instanceof BridgeFrame.Bad bad && bad.refusal() == Refusal.FRAME_TOO_LARGE) {
                run.over();
            }
            return event instanceof BridgeFrame.Unfinished ? null : answered(machine, event);
        });
    }

    private static String answered(BridgeMachine machine, BridgeFrame frame) {
        assertTrue(machine.weightBytes() >= 0);
        if (frame instanceof BridgeFrame.Bad bad) {
            Complaint.require(bad.detail());
            machine.write(ErrFrame.refused(bad.replyAddress(), bad.address(), bad.refusal(), bad.detail())
                    .json());
            return bad.refusal().word();
        } else if (frame instanceof BridgeFrame.Auth) {
            machine.loggedIn();
        } else if (frame instanceof BridgeFrame.Send send) {
            MultiMap headers =
                    MultiMap.caseInsensitiveMultiMap().addAll(send.headers().values());
            machine.write(Outbox.message(send.replyAddress(), send.address(), headers, true, send.body()));
            ReplyException nobody = new ReplyException(ReplyFailure.NO_HANDLERS, "nobody");
            machine.write(ErrFrame.failed(send, nobody, Failure::of).json());
        } else if (frame instanceof BridgeFrame.Err err) {
            machine.write(new JsonObject()
                    .put("type", "err")
                    .put("message", err.message())
                    .put("d", err.debugInfo()));
        }
        return frame.toString();
    }
}
