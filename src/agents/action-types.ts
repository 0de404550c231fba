/**
 * What the actions of the product take and give, as types: made from their schemas by `node scripts/actions.ts`, never by hand.
 * Actions of one's own come beside them (docs/library.md).
 */
export interface BuiltInActionTypes {
  /** One customer's fields, as they stand in the source now. */
  get_customer: {
    agent: "data_agent";
    parameters: {
      /** left out: the execution's customer */
      customer_id?: string;
    };
    output: {
      id: string;
      name: string;
      segment: string | null;
      region: string | null;
      timezone: string | null;
      account_manager_email: string | null;
      account_manager_name: string | null;
      csm_email: string | null;
      arr: number | null;
      currency: string | null;
      contract_start: string | null;
      renewal_date: string | null;
      notice_date: string | null;
      auto_renew: boolean | null;
      term_months: number | null;
      seats: number | null;
      status: string | null;
      created_at: string | null;
      nps: number | null;
      champion_status: "active" | "left" | "unknown" | null;
    };
  };
  /** What is known of one customer, in the parts that the flow asks for. */
  retrieve_customer_data: {
    agent: "data_agent";
    parameters: {
      /** left out: the execution's customer */
      customer_id?: string;
      /** left out: all */
      include_fields?: ("contract_details" | "usage_metrics" | "support_history" | "invoices" | "contacts" | "nps")[];
    };
    output: {
      /** the day it was read, in the flow's zone */
      as_of?: string | null;
      contract_details?: {
        contract_start?: string | null;
        renewal_date?: string | null;
        notice_date?: string | null;
        auto_renew?: boolean | null;
        term_months?: number | null;
        seats?: number | null;
        arr?: number | null;
        currency?: string | null;
        status?: string | null;
      } | null;
      usage_metrics?: {
        /** active users of the last finished month by seats; above 1 where more people use it than were bought for */
        utilization?: number | null;
        active_users?: number | null;
        seats?: number | null;
        /** the month that utilization is of */
        month?: string | null;
        /** change of active users since `trend_since`: -0.4 is 40 % fewer */
        trend?: number | null;
        trend_since?: string | null;
        months?:
          | {
              month: string;
              active_users?: number | null;
              events?: number | null;
            }[]
          | null;
      } | null;
      support_history?: {
        open_tickets?: number | null;
        urgent_tickets?: number | null;
        oldest_open_days?: number | null;
        oldest_urgent_days?: number | null;
        /** mean of the answers of the last 180 days, 1 to 5 */
        csat?: number | null;
        csat_answers?: number | null;
        /** the open ones, urgent first, then oldest */
        tickets?:
          | {
              id: string;
              priority?: string | null;
              subject?: string | null;
              opened_at?: string | null;
            }[]
          | null;
      } | null;
      invoices?: {
        overdue?: number | null;
        overdue_amount?: number | null;
        oldest_overdue_days?: number | null;
        oldest_due_date?: string | null;
      } | null;
      contacts?: {
        /** the one who spoke for the product: still there, or the last to leave */
        champion?: {
          name: string;
          email?: string | null;
          left_at?: string | null;
        } | null;
        contacts?:
          | {
              name: string;
              email?: string | null;
              role?: string | null;
              left_at?: string | null;
            }[]
          | null;
      } | null;
      /** the CRM's own word, beside what the contacts say */
      champion_status?: "active" | "left" | "unknown" | null;
      /** -100 to 100 */
      nps?: number | null;
      /** the parts that were asked for and of which nothing is known */
      missing?: string[] | null;
    };
  };
  /** Who matches a filter now, in the order of their ids. */
  find_customers: {
    agent: "data_agent";
    parameters: {
      /** predicates over customer.*; several are joined by AND */
      filter: string[] | string;
      /** how many customers are given at most; left out: 100 */
      limit?: number;
    };
    output: {
      /** the day that they were read, in the flow's zone */
      as_of: string;
      /** how many match */
      total: number;
      /** false: more match than are given */
      is_complete: boolean;
      customers: {
        id: string;
        name: string;
        segment: string | null;
        region: string | null;
        timezone: string | null;
        account_manager_email: string | null;
        account_manager_name: string | null;
        csm_email: string | null;
        arr: number | null;
        currency: string | null;
        contract_start: string | null;
        renewal_date: string | null;
        notice_date: string | null;
        auto_renew: boolean | null;
        term_months: number | null;
        seats: number | null;
        status: string | null;
        created_at: string | null;
        nps: number | null;
        champion_status: "active" | "left" | "unknown" | null;
      }[];
      /** the fields that are empty, of how many of the given customers */
      missing: {
        field: string;
        customers: number;
      }[];
    };
  };
  /** An account manager's customers, soonest renewal first, with value and the facts that a risk shows in. */
  get_portfolio: {
    agent: "data_agent";
    parameters: {
      /** whose book it is */
      account_manager_email: string | null;
      /** only renewals from today to so many days ahead; left out: the whole book */
      renews_within_days?: number;
      /** how many customers are given at most; left out: 50 */
      limit?: number;
    };
    output: {
      /** the day that it was read, in the flow's zone */
      as_of: string;
      account_manager_email: string;
      account_manager_name: string | null;
      /** how many customers the book has in the asked time */
      total: number;
      /** false: there are more than are given */
      is_complete: boolean;
      /** the yearly value of all of them, for each currency; of whom no value is known counts in `missing` */
      value: {
        currency: string | null;
        arr: number;
        customers: number;
      }[];
      customers: {
        id: string;
        name: string;
        status: string | null;
        renewal_date: string | null;
        /** below zero: the date has passed */
        days_to_renewal: number | null;
        notice_date: string | null;
        auto_renew: boolean | null;
        arr: number | null;
        currency: string | null;
        /** active users of the last finished month by seats */
        utilization: number | null;
        /** the month that utilization is of, as in 2026-10 */
        usage_month: string | null;
        /** change of active users over three months: -0.4 is 40 % fewer */
        trend: number | null;
        open_tickets: number | null;
        urgent_tickets: number | null;
        oldest_urgent_days: number | null;
        overdue_invoices: number | null;
        oldest_overdue_days: number | null;
        champion_status: "active" | "left" | null;
        nps: number | null;
        /** the facts above that aren't known */
        missing: string[];
      }[];
      /** the facts that aren't known, of how many of the given customers */
      missing: {
        field: string;
        customers: number;
      }[];
    };
  };
  /** Whom this week's digests go to, and when, by revops.yml. */
  plan_digests: {
    agent: "data_agent";
    parameters: Record<string, never>;
    output: {
      /** account managers, with their own morning; empty where digests are off */
      owners: {
        owner: string;
        timezone: string;
        at: string;
      }[];
      /** account managers beyond the first 1,000 */
      left_out: number;
      /** of the roll-up; null: it is off */
      channel: string | null;
      /** of the roll-up */
      timezone: string;
      roll_up_at: string;
    };
  };
  /** How likely a customer is not to renew: a score that code computes, with its reasons and what isn't known. */
  assess_renewal_risk: {
    agent: "decision_agent";
    parameters: {
      /** left out: renewal_risk_v2 */
      model?: "renewal_risk_v1" | "renewal_risk_v2" | (string & {});
      /** from which score on a customer counts as over it; left out: the model's own */
      threshold?: number;
    };
    output: {
      model: string;
      risk_score: number;
      risk_level: "high" | "medium" | "low";
      threshold: number;
      over_threshold: boolean;
      confidence: "high" | "medium" | "low";
      /** log-odds before any reason: base and the points of all reasons add up to the score's log-odds exactly */
      base?: number;
      /** those that raise the risk first, the strongest first; what counts nothing is left out */
      reasons: {
        factor: string;
        /** what the factor is about, the main thing first; plays answer these, whatever a model calls its factors */
        topics?: string[];
        text: string;
        /** log-odds in hundredths: above zero raises the risk */
        points: number;
        evidence: {
          text: string;
          date: string | null;
        }[];
      }[];
      /** what isn't known, out of date, of another unit or against itself, in words */
      missing: string[];
      /** alternatives, each enough by itself; empty under the threshold, or where no known remedy is enough */
      what_would_help: {
        text: string;
        risk_score: number;
      }[];
      urgency?: {
        /** to the day for notice while it lies ahead, else to the renewal: up to 14 days now, up to 45 soon */
        level: "passed" | "now" | "soon" | "later" | "unknown";
        /** below zero: the date has passed */
        days_to_renewal: number | null;
        /** below zero: the day for notice has passed */
        days_to_notice: number | null;
      };
      priority?: {
        /** risk times yearly revenue; null where the revenue isn't known */
        revenue_at_risk: number | null;
        currency: string | null;
      };
      /** what the reasons come to, in a sentence; with Bedrock in the words of a model that had no say in the score */
      summary?: string;
    };
  };
  /** How likely a customer is to leave, whenever they renew: a score with its reasons and what isn't known, and the signs of it. */
  assess_churn_risk: {
    agent: "decision_agent";
    parameters: {
      /** left out: churn_risk_v1 */
      model?: "churn_risk_v1" | (string & {});
      /** from which score on a customer counts as over it; left out: the model's own */
      threshold?: number;
    };
    output: {
      model: string;
      risk_score: number;
      risk_level: "high" | "medium" | "low";
      threshold: number;
      over_threshold: boolean;
      confidence: "high" | "medium" | "low";
      /** log-odds before any reason: base and the points of all reasons add up to the score's log-odds exactly */
      base?: number;
      /** those that raise the risk first, the strongest first; what counts nothing is left out */
      reasons: {
        factor: string;
        /** what the factor is about, the main thing first; plays answer these, whatever a model calls its factors */
        topics?: string[];
        text: string;
        /** log-odds in hundredths: above zero raises the risk */
        points: number;
        evidence: {
          text: string;
          date: string | null;
        }[];
      }[];
      /** what isn't known, out of date, of another unit or against itself, in words */
      missing: string[];
      /** alternatives, each enough by itself; empty under the threshold, or where no known remedy is enough */
      what_would_help: {
        text: string;
        risk_score: number;
      }[];
      urgency?: {
        /** to the day for notice while it lies ahead, else to the renewal: up to 14 days now, up to 45 soon */
        level: "passed" | "now" | "soon" | "later" | "unknown";
        /** below zero: the date has passed */
        days_to_renewal: number | null;
        /** below zero: the day for notice has passed */
        days_to_notice: number | null;
      };
      priority?: {
        /** risk times yearly revenue; null where the revenue isn't known */
        revenue_at_risk: number | null;
        currency: string | null;
      };
      /** what the reasons come to, in a sentence; with Bedrock in the words of a model that had no say in the score */
      summary?: string;
      /** 15 % fewer active users or more; an NPS below zero; a champion who left; an invoice 30 days overdue */
      signs: ("usage_fall" | "detractor" | "champion_gone" | "unpaid_invoices")[];
    };
  };
  /** Two to four plays for the customer, each with its owner, its day and what speaks for it. */
  generate_renewal_recommendations: {
    agent: "decision_agent";
    parameters: {
      /** value_based: what keeps most revenue first; retention_first: what works soonest on the strongest reasons; expansion: what grows first, while the risk isn't high; left out: value_based */
      strategy?: "value_based" | "retention_first" | "expansion";
    };
    output: {
      strategy: string;
      recommendations: {
        id: string;
        title: string;
        /** the evidence that speaks for it */
        why: string;
        owner_email: string | null;
        due_date: string;
        /** yearly revenue times the expected fall of the risk, or what growth adds, in the customer's currency; null where the revenue isn't known */
        value: number | null;
        /** what it is expected to change by itself */
        effect?: {
          text: string;
          /** the risk then; null where it is about growth */
          risk_score: number | null;
        };
        /** the facts behind the reasons that it answers */
        evidence?: {
          text: string;
          date: string | null;
        }[];
      }[];
      summary: string;
    };
  };
  /** The milestones of a new customer on days 7, 30 and 60: dates in their zone, owners, what to look at. */
  plan_onboarding: {
    agent: "decision_agent";
    parameters: {
      /** the first day, at most 60 days back; left out: today where the customer is */
      start?: string;
    };
    output: {
      starts_on: string;
      /** the customer's; the flow's where that isn't known */
      timezone: string;
      milestones: {
        id: string;
        /** calendar days after the start */
        day: number;
        title: string;
        /** a working day in the customer's zone */
        date: string;
        /** nine o'clock of that day there, for a wait */
        due_at: string;
        owner_email: string | null;
        /** what must be seen to hold by then */
        checks: string[];
      }[];
      missing: string[];
      summary: string;
    };
  };
  /** What holds at a milestone of the onboarding, what doesn't, and what isn't known. */
  check_onboarding: {
    agent: "decision_agent";
    parameters: {
      milestone: "day_7" | "day_30" | "day_60";
    };
    output: {
      milestone: string;
      title: string;
      /** stalled: something doesn't hold; unknown: what is known holds, but not all is known */
      state: "on_track" | "stalled" | "unknown";
      holds: string[];
      /** what should hold by now and doesn't */
      open: string[];
      /** what nobody can tell from the data */
      unknown: string[];
      owner_email: string | null;
      summary: string;
    };
  };
  /** What has become of a churn risk between the first and the last assessment of this execution. */
  record_outcome: {
    agent: "decision_agent";
    parameters: Record<string, never>;
    output: {
      /** recovered: under the threshold again; unknown: too little is known to say */
      outcome: "recovered" | "improved" | "unchanged" | "worse" | "unknown";
      before: number;
      after: number;
      signs_gone: ("usage_fall" | "detractor" | "champion_gone" | "unpaid_invoices")[];
      signs_left: ("usage_fall" | "detractor" | "champion_gone" | "unpaid_invoices")[];
      summary: string;
    };
  };
  /** Opens, follows and closes the customer's case for a reason, so that a person is asked when something changes. */
  track_case: {
    agent: "decision_agent";
    parameters: {
      reason: "renewal_risk" | "churn_risk";
      /** of the assessment; null: there is none, which changes nothing */
      score: number | null;
      /** of the assessment: a low one is no recovery, for too little is known */
      confidence?: "high" | "medium" | "low" | null;
      /** from this score on a case is opened; left out: 0.7 */
      enter?: number;
      /** under this score it recovers; left out: 0.6 */
      exit?: number;
      /** on so many assessed days in a row; left out: 3 */
      days?: number;
      /** by so much the score must rise to be asked about again; left out: 0.1 */
      step?: number;
      /** somebody has started this about this customer, and wants to see it; left out: false */
      asked?: boolean;
    };
    output: {
      /** null: there is no case, and nothing opens one */
      case_id: string | null;
      status: "none" | "open" | "snoozed" | "dismissed" | "closed";
      transition: "opened" | "worsened" | "unchanged" | "recovered" | "closed";
      /** a person is to be asked: something has changed, a snooze is over, or nobody has answered */
      alert: boolean;
      alert_reason: "opened" | "worsened" | "snooze_over" | "unanswered" | "asked" | null;
      score: number | null;
      /** of the assessment before */
      previous_score: number | null;
      opened_score: number | null;
      /** when the case was opened */
      since: string | null;
      /** days since then, from 1 */
      day: number | null;
      snoozed_until: string | null;
      /** the execution that asked about it before this one; its card shows this finding */
      asked_in: string | null;
      /** why it was closed */
      note: string | null;
    };
  };
  /** Closes cases about customers who have churned, begun a new term, or left the customer source. */
  review_cases: {
    agent: "decision_agent";
    parameters: Record<string, never>;
    output: {
      reviewed: number;
      closed: number;
    };
  };
  /** An account manager's approvals, open cases, next renewals and what has changed, as messages. */
  build_digest: {
    agent: "decision_agent";
    parameters: {
      /** whose week it is */
      owner: string | null;
      /** where they live */
      timezone: string;
    };
    output: {
      owner: string;
      /** messages, one after another; empty: there is nothing to do */
      pages: string[];
    };
  };
  /** Renewals by week: how many, worth what, how much of it at risk, and what has changed since last week. */
  build_roll_up: {
    agent: "decision_agent";
    parameters: {
      /** how many weeks ahead, this one included; left out: 8 */
      weeks?: number;
      /** where a week begins; left out: UTC */
      timezone?: string;
      /** whose last roll-up this one is compared with */
      flow: string;
    };
    output: {
      weeks: {
        /** its Monday */
        week_of: string;
        renewals: number;
        /** sums of the yearly value, for each currency */
        value: {
          currency: string | null;
          arr: number;
        }[];
        /** of them with an open case */
        at_risk: number;
        value_at_risk: {
          currency: string | null;
          arr: number;
        }[];
      }[];
      /** messages, one after another; empty: nothing renews */
      pages: string[];
    };
  };
  /** Plans a message from a template to each recipient. */
  send_notifications: {
    agent: "execution_agent";
    parameters: {
      template: string;
      /** mail addresses */
      recipients: (string | null)[] | string | null;
      /** left out: as each person prefers it, by revops.yml, else both */
      via?: "email" | "slack" | "both";
    };
    output: {
      template: string;
      recipients: string[];
      subject: string;
    };
  };
  /** Plans one event at the next free time that is working time for every guest, in the zone of each. */
  create_calendar_event: {
    agent: "execution_agent";
    parameters: {
      title: string;
      /** mail addresses */
      attendees: (string | null)[] | string | null;
      /** left out: 30 */
      duration_minutes?: number;
      description?: string;
      /** not before so many days from now, in the event's zone; left out: 2 */
      days_ahead?: number;
    };
    output: {
      title: string;
      attendees: string[];
      duration_minutes: number;
      timezone: string;
    };
  };
  /** Plans one mail, from a template or from the flow's own words. */
  send_email: {
    agent: "execution_agent";
    parameters: {
      /** one mail address */
      to: string | null;
      /** in place of subject and text */
      template?: string;
      subject?: string;
      text?: string;
    };
    output: {
      to: string;
      subject: string;
    };
  };
  /** Plans one Slack message to a person or a channel. */
  send_slack_message: {
    agent: "execution_agent";
    parameters: {
      /** one mail address, or a channel: #name or its id */
      to: string | null;
      /** in place of text */
      template?: string;
      text?: string;
    };
    output: {
      to: string;
    };
  };
  /** Plans a direct message that asks its owner for something by a day. */
  create_task: {
    agent: "execution_agent";
    parameters: {
      /** one mail address */
      owner: string | null;
      title: string;
      /** not before today in the flow's zone */
      due_date?: string;
      /** in place of due_date; without either, 7 */
      due_in_days?: number;
      notes?: string;
    };
    output: {
      owner: string;
      title: string;
      due_date: string;
    };
  };
  /** Plans a change of the customer's fields in the CRM. One that somebody else has changed meanwhile is refused, not overwritten. */
  update_crm: {
    agent: "execution_agent";
    parameters: {
      /** the customer's fields and their new values, of those that revops.yml lists under crm.writable; null empties one */
      fields: {
        name?: string | null;
        segment?: string | null;
        region?: string | null;
        timezone?: string | null;
        account_manager_email?: string | null;
        account_manager_name?: string | null;
        csm_email?: string | null;
        arr?: number | null;
        currency?: string | null;
        contract_start?: string | null;
        renewal_date?: string | null;
        notice_date?: string | null;
        auto_renew?: boolean | null;
        term_months?: number | null;
        seats?: number | null;
        status?: string | null;
        created_at?: string | null;
        nps?: number | null;
        champion_status?: string | null;
      };
      /** why, for whoever approves it, and for the audit */
      reason: string;
    };
    output: {
      customer_id: string;
      /** the fields that were named, as they were when this was planned */
      before: {
        name?: string | number | boolean | null;
        segment?: string | number | boolean | null;
        region?: string | number | boolean | null;
        timezone?: string | number | boolean | null;
        account_manager_email?: string | number | boolean | null;
        account_manager_name?: string | number | boolean | null;
        csm_email?: string | number | boolean | null;
        arr?: string | number | boolean | null;
        currency?: string | number | boolean | null;
        contract_start?: string | number | boolean | null;
        renewal_date?: string | number | boolean | null;
        notice_date?: string | number | boolean | null;
        auto_renew?: string | number | boolean | null;
        term_months?: string | number | boolean | null;
        seats?: string | number | boolean | null;
        status?: string | number | boolean | null;
        created_at?: string | number | boolean | null;
        nps?: string | number | boolean | null;
        champion_status?: string | number | boolean | null;
      };
      /** the same fields, as they are to be */
      after: {
        name?: string | number | boolean | null;
        segment?: string | number | boolean | null;
        region?: string | number | boolean | null;
        timezone?: string | number | boolean | null;
        account_manager_email?: string | number | boolean | null;
        account_manager_name?: string | number | boolean | null;
        csm_email?: string | number | boolean | null;
        arr?: string | number | boolean | null;
        currency?: string | number | boolean | null;
        contract_start?: string | number | boolean | null;
        renewal_date?: string | number | boolean | null;
        notice_date?: string | number | boolean | null;
        auto_renew?: string | number | boolean | null;
        term_months?: string | number | boolean | null;
        seats?: string | number | boolean | null;
        status?: string | number | boolean | null;
        created_at?: string | number | boolean | null;
        nps?: string | number | boolean | null;
        champion_status?: string | number | boolean | null;
      };
    };
  };
}
