/** What a {@code core.net.Spi} hears, for every wing, client and server, and the bridge. Start at {@link SpiContractTest}. */
package dev.polywire.spi;
