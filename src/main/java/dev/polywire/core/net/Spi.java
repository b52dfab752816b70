package dev.polywire.core.net;

import dev.polywire.core.wire.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolver;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import io.vertx.core.dns.impl.DnsAddressResolverProvider;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.internal.resolver.NameResolver;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The interface for metrics and tracing. Each method does nothing unless overridden; all are called on the context of the
 * request or the connection and must not block. Only this class of the project may use Netty or Vert.x internals.
 *
 * <pre>{@code
 *   admitted(caller, address, action, parent, deadline) -> request
 *     queued(protocol, operation, request) -> call, sent(call), answered(call, failure) | givenUp(call, why)
 *   done(request, failure)
 * }</pre>
 *
 * <p>A call belongs to the request that caused it, however long it waits and whichever request runs meanwhile; calls for
 * a page of a stream belong to the {@code next} that waits for it. A call is queued when a connection may take it; until
 * then the request waits. Both end once, also when the connector leaves; calls of a successful request end before it.
 *
 * <p>Every verticle takes one, as in {@code new MongoVerticle(spi)}, and so does {@code Program.start(vertx, configuration,
 * spi)}; the README has an example.
 */
public interface Spi {

    /** Does nothing. */
    Spi NONE = new Spi() {};

    /** A connection is up: dialled and its handshake done, or accepted. */
    default void connected(String protocol, String target) {}

    /** A connection that was up is down. */
    default void disconnected(String protocol, String target) {}

    /**
     * A request was taken from the bus.
     *
     * @param caller the client of a bridge that sent it; empty: a caller on the bus
     * @param address of the service
     * @param action of a bounded number of values
     * @param parent the headers of the request, which may name the parent of a trace
     * @return the request's token, which {@link #queued} and {@link #done} are given
     */
    default @Nullable Object admitted(
            String caller, String address, String action, MultiMap parent, long deadlineMillis) {
        return null;
    }

    /** The answer of the request is on its way. @param failure null: the request succeeded */
    default void done(@Nullable Object request, @Nullable Throwable failure) {}

    /**
     * A call to the peer waits for its turn.
     *
     * @param operation the protocol's name of the operation, one of a bounded number of values (a metric's label)
     * @param request the request of the call: a token of {@link #admitted}; null: an internal call
     * @return the call's token, which the other methods are given
     */
    default @Nullable Object queued(String protocol, String operation, @Nullable Object request) {
        return null;
    }

    /** The call is on its way; once, even if it is sent again. Never for a call lost, refused or given up before that. */
    default void sent(@Nullable Object call) {}

    /** The outcome of the call. @param failure null: it was answered, or needs no answer and was handed to the system */
    default void answered(@Nullable Object call, @Nullable Throwable failure) {}

    /** The caller no longer waits, whatever the answer. */
    default void givenUp(@Nullable Object call, Throwable why) {}

    /**
     * Something has happened in a pool.
     *
     * @param reason of an end or a failure, the specification's word, one of a bounded number; empty: the event has none
     */
    default void pool(String protocol, String target, PoolEvent event, String reason) {}

    /** Bytes were received or sent on a socket. */
    default void moved(String protocol, int receivedBytes, int sentBytes) {}

    /**
     * Reads from a socket, or stops: then everything that the peer sends stays in the kernel, the end of its stream too; one
     * more read may still come. A paused socket of Vert.x 5.1.6 would read on, into 24 buffers of up to 64 KiB. While it does
     * not read, a failed write does not close it, because what the peer sent before could not be read any more.
     */
    static void read(NetSocket socket, boolean on) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        // Netty 4.2 asserts that a channel which is told not to read still has its event loop: a closed one has none.
        if (channel.isOpen()) {
            channel.config().setAutoClose(on).setAutoRead(on);
        }
    }

    /**
     * Closes a socket at once. {@link NetSocket#close} first waits until its output is written, which a peer that does not
     * read can delay for any time.
     */
    static void abort(NetSocket socket) {
        ((NetSocketInternal) socket).channelHandlerContext().close();
    }

    /** Once the socket is closed, and nothing is read or written there any more. */
    static void atEnd(NetSocket socket, Runnable action) {
        ((NetSocketInternal) socket)
                .channelHandlerContext()
                .channel()
                .closeFuture()
                .addListener(closed -> action.run());
    }

    /** A socket that closes ends with a reset: what the system still keeps for the peer is thrown away, and never arrives. */
    static void resetAtEnd(NetSocket socket) {
        Channel channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }

    /** The event loops of a Vert.x, and the one that accepts connections; a task runs in its turn. */
    static List<ScheduledExecutorService> eventLoops(Vertx vertx) {
        List<ScheduledExecutorService> loops = new ArrayList<>();
        ((VertxInternal) vertx).nettyEventLoopGroup().forEach(loops::add);
        ((VertxInternal) vertx).acceptorEventLoopGroup().forEach(loops::add);
        return loops;
    }

    /**
     * All addresses of a name: by the resolver of {@code vertx}, which gives IPv4 alone where there is both; or by the JDK's, if
     * {@code vertx} uses that. The JDK's waits for the system, on a few threads of its own and not on the event loop.
     *
     * @return not empty; fails with an {@link java.net.UnknownHostException}
     */
    static Future<List<InetAddress>> addresses(Vertx vertx, String host) {
        NameResolver resolver = ((VertxInternal) vertx).nameResolver();
        if (resolver.nettyAddressResolverGroup() instanceof DnsAddressResolverGroup) {
            return resolver.resolveAll(host)
                    .map(found ->
                            found.stream().map(InetSocketAddress::getAddress).toList());
        }
        WorkerExecutor threads = vertx.createSharedWorkerExecutor("polywire-lookup", AddressLookup.THREADS);
        return threads.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false)
                .onComplete(found -> threads.close());
    }

    /**
     * The SRV records of a name. Vert.x 5.1.6's own DNS client is of no use for these: it reads weights as signed, joins the texts
     * of all TXT records, and asks one server once.
     *
     * @return not empty, with hosts as they were sent. Fails with a {@link DnsException}; with a DECODE
     *     {@link ProtocolException}; with something else when no name server answers
     */
    static Future<List<SrvTarget>> services(Vertx vertx, String name, long timeoutMillis) {
        return records(
                vertx,
                name,
                DnsRecordType.SRV,
                timeoutMillis,
                data -> new SrvTarget(
                        data.readUnsignedShort(), data.readUnsignedShort(), data.readUnsignedShort(), name(data)));
    }

    /** The TXT records of a name, as they were sent; otherwise as {@link #services}. */
    static Future<List<Buffer>> texts(Vertx vertx, String name, long timeoutMillis) {
        return records(
                vertx, name, DnsRecordType.TXT, timeoutMillis, data -> Buffer.buffer(ByteBufUtil.getBytes(data)));
    }

    /** Asks the name servers of {@code vertx} one after the other, and all of them twice: datagrams may be lost. */
    private static <T> Future<List<T>> records(
            Vertx vertx, String name, DnsRecordType type, long timeoutMillis, Function<ByteBuf, T> reader) {
        ContextInternal context = ((VertxInternal) vertx).getOrCreateContext();
        DnsAddressResolverProvider provider = DnsAddressResolverProvider.create(
                context.owner(), context.owner().nameResolver().options());
        Deque<InetSocketAddress> servers = new ArrayDeque<>(provider.nameServerAddresses());
        servers.addAll(provider.nameServerAddresses());
        DnsNameResolver resolver = provider.getDnsNameResolverBuilder()
                .eventLoop(context.nettyEventLoop())
                .queryTimeoutMillis(Math.max(1, timeoutMillis / servers.size()))
                .build();
        DnsQuestion question = new DefaultDnsQuestion(name + ".", type);
        Supplier<Future<List<T>>> next = () -> {
            PromiseInternal<AddressedEnvelope<DnsResponse, InetSocketAddress>> answer = context.promise();
            resolver.query(servers.remove(), question).addListener(answer);
            return answer.future().map(envelope -> read(envelope, type, reader));
        };
        return untilAnswered(next, servers)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .onComplete(over -> resolver.close());
    }

    /** Netty takes a name that is cut off between two labels for a whole one. */
    private static String name(ByteBuf data) {
        int end = data.writerIndex();
        boolean pointer = (data.getUnsignedByte(end - 2) & 0xc0) == 0xc0;
        if (!data.isReadable() || data.getByte(end - 1) != 0 && !pointer) {
            throw new DecoderException();
        }
        return DefaultDnsRecordDecoder.decodeName(data).replaceFirst("\\.$", "");
    }

    private static <T> Future<T> untilAnswered(Supplier<Future<T>> next, Deque<?> left) {
        return next.get()
                .recover(failure ->
                        left.isEmpty() || isFinal(failure) ? Future.failedFuture(failure) : untilAnswered(next, left));
    }

    private static boolean isFinal(Throwable failure) {
        return failure instanceof ProtocolException
                || failure instanceof DnsException answer && answer.code() == DnsResponseCode.NXDOMAIN;
    }

    private static <T> List<T> read(
            AddressedEnvelope<DnsResponse, InetSocketAddress> envelope,
            DnsRecordType type,
            Function<ByteBuf, T> reader) {
        DnsResponse answer = envelope.content();
        try {
            List<T> records = new ArrayList<>();
            for (int i = 0; i < answer.count(DnsSection.ANSWER); i++) {
                DnsRecord each = answer.recordAt(DnsSection.ANSWER, i);
                // Other types are aliases that the name server has followed.
                if (each.type().equals(type)) {
                    records.add(reader.apply(((DnsRawRecord) each).content()));
                }
            }
            int code = answer.code().intValue();
            if (code != 0 || records.isEmpty()) {
                throw new DnsException(code == 0 ? DnsResponseCode.NXDOMAIN : DnsResponseCode.valueOf(code));
            }
            return records;
        } catch (DecoderException | IndexOutOfBoundsException unreadable) {
            throw ProtocolException.decode("a record of the DNS is cut off, or has a name without an end");
        } finally {
            envelope.release();
        }
    }
}
