#!/usr/bin/env perl

# A menu that callers choose from by digits, also while it is still being read. Every step gives
# a promise, so that all callers are served at the same time.
#
# In the dialplan, where 0 leads to the operator:
#
#     exten => 102,1,Stasis(ivr)
#      same => n,Dial(PJSIP/operator)

use strict;
use warnings;

use Scalar::Util qw(blessed);

use AsteriskPl;

my $asterisk = AsteriskPl->new(
    api_url  => $ENV{ARI_URL}      // 'http://localhost:8088/ari',
    username => $ENV{ARI_USER}     // 'user',
    password => $ENV{ARI_PASSWORD} // 'password',
    app      => 'ivr',
);

# Seconds that a caller may take to press a key.
my $patience = $ENV{IVR_PATIENCE} // 10;

my %menu = (
    1 => sub {
        my ($channel) = @_;
        return say_p( $channel, 'sound:tt-weasels' );
    },
    2 => sub {
        my ($channel) = @_;
        return ask_p( $channel, 'sound:telephone-number', 15 )->then(
            sub {
                my ($number) = @_;
                return say_p( $channel, 'sound:you-entered', 'digits:' . ( $number || 0 ) );
            }
        );
    },
);

# Plays to the end.
sub say_p {
    my ( $channel, @media ) = @_;
    return $channel->play_p( media => \@media )
      ->then( sub { my ($playback) = @_; return $playback->wait_for_p('PlaybackFinished') } );
}

# The next digit, or nothing if none comes in time.
sub digit_p {
    my ($channel) = @_;
    return $channel->wait_for_p( 'ChannelDtmfReceived', timeout => $patience )->then(
        sub { my ($event) = @_; return $event->digit },
        sub {
            my ($error) = @_;
            die $error if !$error->isa('AsteriskPl::TimeoutException');
            return q{};
        }
    );
}

# Plays until a digit comes; the digits up to a #, or as many as come in time.
sub ask_p {
    my ( $channel, $media, $length ) = @_;
    my $playback;
    my $first_p = $channel->play_p( media => $media )->then(
        sub {
            ($playback) = @_;
            return digit_p($channel);
        }
    );
    return $first_p->then(
        sub {
            my ($digit) = @_;

            # The prompt may have ended already.
            return $playback->stop_p->catch( sub { } )
              ->then( sub { return typed_p( $channel, q{}, $digit, $length ) } );
        }
    );
}

sub typed_p {
    my ( $channel, $typed, $digit, $length ) = @_;
    return $typed if $digit eq q{} || $digit eq q{#};
    $typed .= $digit;
    return $typed if length $typed == $length;
    return digit_p($channel)
      ->then( sub { my ($next) = @_; return typed_p( $channel, $typed, $next, $length ) } );
}

# The menu, until the caller leaves it or has said nothing three times.
sub menu_p {
    my ( $channel, $silences ) = @_;
    if ( $silences == 3 ) {
        return say_p( $channel, 'sound:vm-goodbye' )->then( sub { return $channel->hangup_p } );
    }
    return ask_p( $channel, 'sound:basic-pbx-ivr-main', 1 )->then(
        sub {
            my ($choice) = @_;
            print $channel->id, ' chose ', length $choice ? $choice : 'nothing', "\n";
            return menu_p( $channel, $silences + 1 ) if $choice eq q{};
            return $channel->continue_in_dialplan_p  if $choice eq '0';
            my $chosen = $menu{$choice} || sub { return say_p( $channel, 'sound:pbx-invalid' ) };
            return $chosen->($channel)->then( sub { return menu_p( $channel, 0 ) } );
        }
    );
}

# One call.
sub serve {
    my ($event) = @_;
    my $channel = $event->channel;
    return $channel->answer_p->then( sub { return menu_p( $channel, 0 ) } )->catch(
        sub {
            my ($error) = @_;
            die $error if !blessed $error || !$error->isa('AsteriskPl::AsteriskException');
            print $channel->id, " is over: $error\n";
        }
    );
}

STDOUT->autoflush;
local $SIG{INT} = sub { $asterisk->stop };
$asterisk->add_event_handler( StasisStart => \&serve );
$asterisk->run;
$asterisk->close;
