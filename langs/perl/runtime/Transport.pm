package Library::Runtime::Transport;

# Requests over Mojo::UserAgent, which never stop the event loop.

use strict;
use warnings;

use Mojo::IOLoop;
use Mojo::Promise;
use Mojo::UserAgent;

use Library::Exceptions;

sub new {
    my ( $class, $settings ) = @_;
    my $ua = $settings->{ua} // Mojo::UserAgent->new( max_redirects => 0, max_connections => 50 );
    return bless { ua => $ua }, $class;
}

# A promise of the response to a request.
sub send_p {
    my ( $self, $request ) = @_;
    my $ua = $self->{ua};
    my @body = defined $request->{body} ? $request->{body} : ();
    my $tx = $ua->build_tx( $request->{method}, $request->{url}, $request->{headers}, @body );
    return $ua->start_p($tx)->then(
        sub {
            my ($answered) = @_;
            my $answer = $answered->res;
            return {
                status       => $answer->code,
                reason       => $answer->message,
                headers      => $answer->headers->to_hash,
                content_type => lc( ( $answer->headers->content_type // '' ) =~ s/\s*;.*//sr ),
                body         => $answer->body,
            };
        },
        sub {
            my ($why) = @_;
            Library::ConnectionFailedException->throw( $why, method => $request->{method}, path => $request->{path} );
        }
    );
}

1;
