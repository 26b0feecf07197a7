#!/usr/bin/env perl

# Calls a phone and waits until the call is over: originate_and_wait.pl PJSIP/alice

use strict;
use warnings;

use AsteriskPl;

my $phone    = shift // die "what to call? For example: $0 PJSIP/alice\n";
my $asterisk = AsteriskPl->new(
    api_url  => $ENV{ARI_URL}      // 'http://localhost:8088/ari',
    username => $ENV{ARI_USER}     // 'user',
    password => $ENV{ARI_PASSWORD} // 'password',
    app      => 'originate-and-wait',
);
STDOUT->autoflush;
$asterisk->connect;

# Made here, before the server knows of it: no event of the call can be missed.
my $channel = $asterisk->new_channel;
$channel->add_event_handler(
    ChannelStateChange => sub {
        my ($event) = @_;
        print 'the phone is ', lc $event->channel->state, "\n";
    }
);
$channel->originate(
    endpoint  => $phone,
    app       => 'originate-and-wait',
    caller_id => 'Hello <100>',
    timeout   => 30,
);

# Whichever comes first: somebody answers, or nobody does.
my $event = $channel->wait_for('Event');
$event = $channel->wait_for('Event') until $event->type =~ /\A(?:StasisStart|ChannelDestroyed)\z/;
if ( $event->type eq 'StasisStart' ) {
    print "answered\n";
    $event = $channel->wait_for( 'ChannelDestroyed', timeout => 'inf' );
}
print 'over: ', $event->cause_txt, "\n";
$asterisk->close;
